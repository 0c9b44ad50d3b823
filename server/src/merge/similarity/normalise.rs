//! What the words of a text are compared by: how a text is folded before it is read.
//!
//! NFKC; full case folding; vowel signs of Arabic and Hebrew and stray accents dropped, tatweel dropped; forms of
//! alef, ya and ta marbuta folded, ё → е; invisible characters dropped; spaces made one; a full stop at the end
//! dropped.
//!
//! Letters that merely carry a mark stay what they are: *año* is not *ano*, *pêche* is not *péché*, and an Indic or
//! Thai vowel is a combining mark too. When two texts are the same, `identity` says.

use unicase::UniCase;
use unicode_normalization::UnicodeNormalization;

/// The words of `text` as they are compared; empty when it has none.
pub(in crate::merge) fn normalise(text: &str) -> String {
    let composed: String = text.nfkc().collect();
    let folded = UniCase::unicode(composed.as_str()).to_folded_case();
    let mut out = String::with_capacity(folded.len());
    for letter in folded.nfkc().filter_map(fold) {
        if letter.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(letter);
        }
    }
    let words = out.trim_end_matches([' ', '.', '!', '…', '。', '．', '۔', '।']);
    words.to_owned()
}

/// One letter as it is compared; `None` for what is not compared at all.
fn fold(letter: char) -> Option<char> {
    let folded = match letter {
        // Marks that stand alone after NFKC: accents without a composed form, Hebrew points, Arabic vowel signs.
        '\u{0300}'..='\u{036f}'
        | '\u{0591}'..='\u{05bd}'
        | '\u{05bf}'
        | '\u{05c1}'..='\u{05c2}'
        | '\u{05c4}'..='\u{05c5}'
        | '\u{05c7}'
        | '\u{0610}'..='\u{061a}'
        | '\u{064b}'..='\u{065f}'
        | '\u{0670}'
        | '\u{06d6}'..='\u{06dc}'
        | '\u{06df}'..='\u{06e4}'
        | '\u{06e7}'..='\u{06e8}'
        | '\u{06ea}'..='\u{06ed}' => return None,
        // Tatweel, and what nobody sees: soft hyphen, joiners, directions, variation selectors.
        '\u{0640}'
        | '\u{00ad}'
        | '\u{061c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => return None,
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ة' => 'ه',
        'ё' => 'е',
        '’' | 'ʼ' | '‘' => '\'',
        '“' | '”' | '„' | '«' | '»' => '"',
        other => other,
    };
    Some(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        normalise(a) == normalise(b)
    }

    #[test]
    fn case_width_spaces_and_a_full_stop_do_not_matter() {
        assert!(same("Teach  coding in schools.", " teach coding\nin SCHOOLS"));
        assert!(same("Straße", "STRASSE"));
        assert!(same("ＡＢＣ　１２３", "abc 123"));
        assert!(same("don’t wait", "don't wait"));
    }

    #[test]
    fn arabic_vowel_signs_tatweel_and_letter_forms_do_not_matter() {
        assert!(same("مُدَرِّسَة", "مدرسه"));
        assert!(same("تعلـــيم", "تعليم"));
        assert!(same("أمن على الإنترنت", "امن علي الانترنت"));
    }

    #[test]
    fn yo_is_ye() {
        assert!(same("Ещё", "еще"));
        assert!(!same("мой", "мои"));
    }

    #[test]
    fn letters_that_make_another_word_stay() {
        assert!(!same("año", "ano"));
        assert!(!same("pêche", "péché"));
        assert!(!same("कि", "का"));
        assert!(!same("Is it funded?", "It is funded."));
        assert!(!same("Is it?", "Is it"));
    }

    #[test]
    fn composed_and_decomposed_are_the_same_and_nothing_stays_nothing() {
        assert!(same("e\u{301}", "é"));
        assert_eq!(normalise(" \u{200b}\u{202e} "), "");
    }
}
