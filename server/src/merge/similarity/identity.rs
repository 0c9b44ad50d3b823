//! When are two texts the same? When only their form differs; then they are joined without asking anybody, so it must be sure.
//!
//! Everything that can carry meaning is part of a text: signs, emoji, question and exclamation marks, superscripts, accents and
//! vowel signs, word order, endings. What carries none is folded, kind by kind, on purpose: composition, case (but not that of
//! acronyms), spaces, dashes, quotation marks, punctuation of other widths and scripts, digits of other scripts, forms of alef and
//! kaf, what nobody sees, and one full stop at the end.

use icu_casemap::CaseMapper;
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// The text as it is compared; empty when it has nothing that anybody sees.
pub(in crate::merge) fn identity(text: &str) -> String {
    let seen = text.chars().filter(|letter| !is_invisible(*letter)).nfc();
    let mut folded = String::with_capacity(text.len());
    let mut on_alef = false;
    for letter in seen.map(fold) {
        // An alef with hamza or madda is an alef, also where they are letters of their own.
        if on_alef && matches!(letter, '\u{0653}'..='\u{0655}') {
            continue;
        }
        on_alef = letter == 'ا' || (on_alef && canonical_combining_class(letter) != 0);
        folded.push(letter);
    }
    let mut same = fold_case(&folded).join(" ");
    if same.ends_with(['.', '。', '｡', '۔', '।', '።', '։', '᠃', '᙮', '။', '។']) {
        same.pop();
        same.truncate(same.trim_end().len());
    }
    // A folded letter may go together with its mark.
    same.nfc().collect()
}

/// What nobody sees: tatweel, soft hyphen, direction marks, zero-width space, byte order mark, variation selectors. Not the joiners: in
/// Persian and in emoji they make other words.
const fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{0640}'
            | '\u{00ad}'
            | '\u{061c}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{e0100}'..='\u{e01ef}'
    )
}

/// One letter as it is compared, whatever its case.
fn fold(letter: char) -> char {
    match letter {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}' => '-',
        '“' | '”' | '„' | '‟' | '«' | '»' | '〝' | '〞' | '＂' => '"',
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | 'ʼ' | '＇' => '\'',
        '،' | '٬' => ',',
        '؛' => ';',
        '؟' => '?',
        '٪' => '%',
        '٫' => '.',
        '٭' => '*',
        '\u{ff01}'..='\u{ff0f}'
        | '\u{ff1a}'..='\u{ff20}'
        | '\u{ff3b}'..='\u{ff40}'
        | '\u{ff5b}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        'أ' | 'إ' | 'آ' | 'ٱ' | 'ٲ' | 'ٳ' | 'ٵ' => 'ا',
        'ک' => 'ك',
        other => digit(other).unwrap_or(other),
    }
}

/// A decimal digit of any script as 0 to 9. They stand in runs of ten, zero first.
fn digit(letter: char) -> Option<char> {
    let is_digit = |code: u32| {
        char::from_u32(code).is_some_and(|c| {
            CodePointMapData::<GeneralCategory>::new().get(c) == GeneralCategory::DecimalNumber
        })
    };
    let code = u32::from(letter);
    if letter.is_ascii() || !is_digit(code) {
        return None;
    }
    let before = (1..).take_while(|back| code.checked_sub(*back).is_some_and(is_digit)).count();
    char::from_digit(u32::try_from(before).ok()? % 10, 10)
}

/// The words in small letters, except those of two or more capitals in a text that has small letters: WHO is not *who*.
fn fold_case(text: &str) -> Vec<String> {
    let has_small = text.chars().any(char::is_lowercase);
    let mapper = CaseMapper::new();
    text.split_whitespace()
        .map(|word| {
            let mut folded = String::with_capacity(word.len());
            // An acronym may stand between signs, or have an ending: the capitals decide, run by run.
            for run in runs(word) {
                if has_small && is_acronym(run) {
                    folded.push_str(run);
                } else {
                    folded.extend(run.chars().map(|letter| mapper.simple_fold(letter)));
                }
            }
            folded
        })
        .collect()
}

/// The parts of a word: what is alphabetic, and what is not, in turns.
fn runs(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?.is_alphabetic();
        let end = rest.find(|letter: char| letter.is_alphabetic() != first).unwrap_or(rest.len());
        let (run, left) = rest.split_at(end);
        rest = left;
        Some(run)
    })
}

fn is_acronym(run: &str) -> bool {
    run.chars().nth(1).is_some() && run.chars().all(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        identity(a) == identity(b)
    }

    #[test]
    fn form_does_not_matter() {
        for (a, b) in [
            ("Teach  coding in schools.", " teach coding\nin Schools"),
            ("e\u{301}cole", "école"),
            ("don’t wait", "don't wait"),
            ("«Safe» “streets”", "\"safe\" \"streets\""),
            ("Open 9–17", "open 9-17"),
            ("٢٠ دقيقة", "20 دقيقة"),
            ("２０ minutes", "20 minutes"),
            ("ماء، هواء", "ماء, هواء"),
            ("更多公园！", "更多公园!"),
            ("مكتبة", "مكتبـــة"),
            ("أمن الإنترنت", "امن الانترنت"),
            ("کتاب", "كتاب"),
            ("a\u{200b}b\u{202e}\u{ad}", "ab"),
            ("❤\u{fe0f}", "❤"),
            ("更多公园。", "更多公园"),
            ("ALL IN CAPITALS", "all in capitals"),
            ("ΟΔΟΣ", "οδος"),
        ] {
            assert!(same(a, b), "{a:?} and {b:?}: {:?} and {:?}", identity(a), identity(b));
        }
    }

    #[test]
    fn what_can_carry_meaning_stays() {
        for (a, b) in [
            ("+ night buses", "- night buses"),
            ("Uniforms 👍", "Uniforms 👎"),
            ("Curfew = peace", "Curfew ≠ peace"),
            ("$10 a day", "€10 a day"),
            ("Raise it by 20%", "Raise it by 20"),
            ("Are the trains safe?", "Are the trains safe"),
            ("Are the trains safe!", "Are the trains safe"),
            ("Wait…", "Wait"),
            ("No, longer hours", "No longer hours"),
            ("ask WHO", "ask who"),
            ("adopt", "adapt"),
            ("año", "ano"),
            ("ọ̀wọ̀", "ọwọ̀"),
            ("g̃", "g"),
            ("ǹ", "n"),
            ("10⁴", "104"),
            ("CO₂", "CO2"),
            ("Straße", "Strasse"),
            ("ещё", "еще"),
            ("مدرسة", "مدرسه"),
            ("على", "علي"),
            ("مُدرسة", "مدرسة"),
            ("می\u{200c}خواهم", "میخواهم"),
            ("👩\u{200d}👧", "👩👧"),
            ("Stop..", "Stop"),
            ("nurses teachers", "teachers nurses"),
        ] {
            assert!(!same(a, b), "{a:?} and {b:?}");
        }
    }

    #[test]
    fn acronyms_keep_their_capitals_only_beside_small_letters() {
        assert!(same("Ask the WHO", "ask the WHO"));
        assert!(!same("Ask the WHO", "ask the who"));
        assert!(same("ASK THE WHO", "ask the who"));
        assert!(!same("(WHO) rules", "(who) rules"));
        assert!(same("A plan", "a plan"));
    }

    #[test]
    fn nothing_stays_nothing_and_folding_twice_is_folding_once() {
        assert_eq!(identity(" \u{200b}\u{202e} \u{feff}"), "");
        for text in
            ["Ask the WHO about 10⁴ «things»…", "Ὀδυσσεύς", "İstanbul", "أ\u{640}\u{654}", "a\u{200b}\u{301}"]
        {
            assert_eq!(identity(&identity(text)), identity(text), "{text:?}");
        }
    }
}
