//! Small word lists in the six UN languages, as folded words: what turns a sentence round, and what carries no content.
//!
//! One list for all languages: a word that is also a word elsewhere costs a pair some places among what a
//! person is asked. Not only negations turn a sentence round: "less", "ban", "against" do too.

/// Whole words that turn a sentence round.
const TURNING: &str = "\
    no not never none nobody nothing neither nor without cannot cant dont doesnt didnt wont isnt arent wasnt \
    shouldnt against less fewer ban bans banned end ends anti off out down lower lowers deny denied cut cuts \
    close closed leave except instead rather ne n pas non jamais aucun aucune rien sans ni contre moins \
    personne fin sauf baisse baisser nunca jamas ningun ninguna ninguno nada nadie sin tampoco contra menos \
    excepto salvo baja bajar cerrar не нет ни без никогда никто ничего никакои никаких нельзя против меньше \
    менее кроме вместо لا ولا بلا لم ولم لن ولن ليس وليس ليست غير بدون دون عدم وعدم بعدم ضد اقل ابدا ما الا \
    سوي منع حظر وقف خفض الغاء تقليل اغلاق رفض";

/// Beginnings of words that turn a sentence round.
const TURNING_BEGINNINGS: &str = "\
    reduc decreas abolish prohibit prevent forbid forbad stop oppos reject refus remov eliminat defund cancel \
    exclud exclus limit restrict export outflow discourag dismantl withdraw lessen diminish disband interdi \
    supprim diminu empech refuse rejet arret cess prohib reduz elimin disminu impedi rechaz deten запре отмен \
    сокра сниж сниз уменьш прекра отказ исключ ограничи";

/// Syllables that turn a word round: *unaffordable*, *irresponsable*, *desigual*, *неэффективный*.
const TURNING_SYLLABLES: &str = "un in im ir il dis non des de не без бес";

/// The fewest letters of a word that can be turned round by a syllable.
const TURNED_LETTERS_MIN: usize = 5;

/// Chinese characters that turn a sentence round.
const TURNING_CHARACTERS: &str = "不无無没沒未非禁反停减減少别別勿莫废廢否拒降免止除取";

/// Words without content of their own: two texts do not differ by them. Not among them: who (*we pay, they decide*), and
/// from where (*from cars to bikes*).
const FUNCTION_WORDS: &str = "\
    a an the of to in on for and at by is are be been was were as it its this that these those should must \
    will would shall can could need needs there with also so have has do le la les l un une des du de d et en \
    au aux est sont que qui faut doit pour dans sur par el los las del y e es son se para por al con hay debe \
    una и в на с по для к у о это что как надо нужно должны быть في علي الي عن مع ان هذا هذه التي الذي يجب \
    كان و 的 了 在 是 要 应 應 该 該 为 為";

/// Does the word turn a sentence round?
pub(in crate::merge) fn turns(word: &str) -> bool {
    word.ends_with("n't")
        || has(TURNING, word)
        || TURNING_BEGINNINGS.split(' ').any(|beginning| word.starts_with(beginning))
        || word.chars().any(|letter| TURNING_CHARACTERS.contains(letter))
}

/// What is left of a word without a syllable that turns it round, if it begins with one; whether that is a word, only
/// another text can tell.
pub(in crate::merge) fn without_turning_syllable(word: &str) -> impl Iterator<Item = &str> {
    let rest = TURNING_SYLLABLES.split(' ').filter_map(|syllable| word.strip_prefix(syllable));
    rest.filter(|rest| rest.chars().count() >= TURNED_LETTERS_MIN)
}

/// Does the word carry no content?
pub(in crate::merge) fn is_function_word(word: &str) -> bool {
    has(FUNCTION_WORDS, word)
}

fn has(list: &str, word: &str) -> bool {
    list.split(' ').any(|other| other == word)
}

#[cfg(test)]
mod tests {
    use super::super::words::ReadText;
    use super::*;

    #[test]
    fn words_stand_here_as_they_are_compared() {
        let lists = [TURNING, TURNING_BEGINNINGS, TURNING_SYLLABLES, FUNCTION_WORDS];
        let folded = |word: &str| -> String {
            ReadText::of(word, "").words.into_iter().map(|part| part.text).collect()
        };
        let others: Vec<&str> =
            lists.iter().flat_map(|list| list.split(' ')).filter(|word| folded(word) != *word).collect();
        assert!(others.is_empty(), "{others:?}");
    }
}
