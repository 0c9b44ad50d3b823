//! Which tags name a language.

/// ISO 639-1. Whoever writes `sp` for Spanish, or `cn` for Chinese, is told.
const TWO: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de \
     dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is \
     it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na \
     nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr \
     ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Is this a BCP 47 tag of a language? Two letters of ISO 639-1, or three letters; then what BCP 47 lets follow.
pub fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    let known = match language.len() {
        2 => TWO.split_ascii_whitespace().any(|two| two == language),
        3 => language.bytes().all(|byte| byte.is_ascii_lowercase()),
        _ => false,
    };
    let follows =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    known && tag.len() <= 35 && parts.all(follows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_languages_are_known_and_others_are_not() {
        for tag in ["en", "ar", "zh-Hant", "pt-BR", "swa"] {
            assert!(is_language(tag), "{tag}");
        }
        for tag in ["", "e", "english", "EN", "xx", "cn", "en_GB", "en-", "en-a b"] {
            assert!(!is_language(tag), "{tag}");
        }
    }
}
