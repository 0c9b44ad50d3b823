//! Small word lists of the six UN languages, as folded words: what turns a sentence round, and what carries no content.
//!
//! One list for each language, because a word that negates in one is innocent in another (*no*, *as*, *sin*). A text in a language
//! without lists has neither; one whose language nobody knows is read by all of them. Not only negations turn a sentence round: "less",
//! "ban", "against" do too. Words that are more often innocent are left out: *out*, *end*, *leave*, *personne*, 别, 非.

use std::collections::HashSet;
use std::sync::LazyLock;

/// The lists of one language.
pub(in crate::merge) struct Lexicon {
    turning: HashSet<&'static str>,
    beginnings: Vec<&'static str>,
    syllables: Vec<&'static str>,
    /// Parts of words in a script without spaces.
    turning_parts: Vec<&'static str>,
    /// Words in such a script that contain such a part, and do not turn anything round.
    innocent: Vec<&'static str>,
    function_words: HashSet<&'static str>,
}

/// As it stands below.
struct Lists {
    language: &'static str,
    turning: &'static str,
    beginnings: &'static str,
    syllables: &'static str,
    turning_parts: &'static str,
    innocent: &'static str,
    function_words: &'static str,
}

const NONE: Lists = Lists {
    language: "",
    turning: "",
    beginnings: "",
    syllables: "",
    turning_parts: "",
    innocent: "",
    function_words: "",
};

/// Function words: not among them are who (*we pay, they decide*), and from where (*from cars to bikes*).
const LISTS: [Lists; 6] = [
    Lists {
        language: "en",
        turning: "no not never none nobody nothing neither nor without cannot cant dont doesnt didnt wont isnt arent wasnt \
            shouldnt against less fewer ban bans banned anti lower lowers deny denied cut cuts close closed except instead \
            rather",
        beginnings: "reduc decreas abolish prohibit prevent forbid forbad stop oppos reject refus remov eliminat defund \
            cancel exclud exclus limit restrict discourag dismantl withdraw lessen diminish disband",
        syllables: "un in im ir il dis non",
        function_words: "a an the of to in on for and at by is are be been was were as it its this that these those should \
            must will would shall can could need needs there with also so have has do",
        ..NONE
    },
    Lists {
        language: "fr",
        turning: "ne n pas non jamais aucun aucune rien sans ni contre moins sauf baisse baisser",
        beginnings: "interdi supprim diminu empech refuse rejet arret cess redui limit",
        syllables: "in im ir il des de non mal",
        function_words: "le la les l un une des du de d et en au aux est sont que qui faut il doit pour dans sur par a",
        ..NONE
    },
    Lists {
        language: "es",
        turning: "no nunca jamas ningun ninguna ninguno nada nadie sin ni tampoco contra menos excepto salvo baja bajar cerrar",
        beginnings: "prohib reduz reduc elimin disminu impedi rechaz deten limit",
        syllables: "in im ir des",
        function_words: "el la los las un una de del y en es son que se para por al a con hay debe",
        ..NONE
    },
    Lists {
        language: "ru",
        turning: "не нет ни без никогда никто ничего никакои никаких нельзя против меньше менее кроме вместо",
        beginnings: "запре отмен сокра сниж сниз уменьш прекра отказ исключ ограничи",
        syllables: "не без бес",
        function_words: "и в на с по для к у о это что как надо нужно должны быть",
        ..NONE
    },
    Lists {
        language: "ar",
        turning: "لا ولا بلا لم ولم لن ولن ليس وليس ليست غير بدون دون عدم وعدم بعدم ضد اقل ابدا الا سوي منع حظر وقف خفض الغاء \
            تقليل اغلاق رفض",
        function_words: "في علي الي عن مع ان هذا هذه التي الذي يجب كان و",
        ..NONE
    },
    Lists {
        language: "zh",
        turning_parts: "不 无 無 没 沒 未 禁 反对 反對 停 减少 減少 勿 莫 废除 廢除 否 拒 降低 取消 排除 免除 解除 防止 避免",
        innocent: "不仅 不僅 不但 不同 不断 不斷 不少 未来 未來 无论 無論 无线 無線 无障碍 無障礙 停车 停車 莫大",
        function_words: "的 了 在 是 要 应 應 该 該 为 為",
        ..NONE
    },
];

/// The fewest letters of a word that can be turned round by a syllable.
const TURNED_LETTERS_MIN: usize = 5;

static BY_LANGUAGE: LazyLock<Vec<(&'static str, Lexicon)>> =
    LazyLock::new(|| LISTS.iter().map(|lists| (lists.language, Lexicon::of(&[lists]))).collect());
static ALL: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(&LISTS.each_ref()));
static OTHER: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(&[]));

/// The lists for a language, without country or script.
pub(in crate::merge) fn lexicon(language: &str) -> &'static Lexicon {
    if language.is_empty() || language == "und" {
        return &ALL;
    }
    let own = BY_LANGUAGE.iter().find(|(known, _)| *known == language);
    own.map_or_else(|| &*OTHER, |(_, lexicon)| lexicon)
}

impl Lexicon {
    fn of(lists: &[&Lists]) -> Self {
        let words = |list: fn(&Lists) -> &'static str| -> Vec<&'static str> {
            lists.iter().flat_map(|lists| list(lists).split_whitespace()).collect()
        };
        Self {
            turning: words(|lists| lists.turning).into_iter().collect(),
            beginnings: words(|lists| lists.beginnings),
            syllables: words(|lists| lists.syllables),
            turning_parts: words(|lists| lists.turning_parts),
            innocent: words(|lists| lists.innocent),
            function_words: words(|lists| lists.function_words).into_iter().collect(),
        }
    }

    /// Does the word turn a sentence round?
    pub(in crate::merge) fn turns(&self, word: &str) -> bool {
        (word.ends_with("n't") && self.turning.contains("not"))
            || self.turning.contains(word)
            || self.beginnings.iter().any(|beginning| word.starts_with(beginning))
    }

    /// How often a text in a script without spaces is turned round.
    pub(in crate::merge) fn turning_parts(&self, text: &str) -> usize {
        if self.turning_parts.is_empty() || text.is_ascii() {
            return 0;
        }
        let guilty = self.innocent.iter().fold(text.to_owned(), |text, innocent| text.replace(innocent, " "));
        self.turning_parts.iter().map(|part| guilty.matches(part).count()).sum()
    }

    /// What is left of a word without a syllable that turns it round, if it begins with one; whether that is a word, only
    /// another text can tell.
    pub(in crate::merge) fn without_turning_syllable<'w>(
        &self,
        word: &'w str,
    ) -> impl Iterator<Item = &'w str> {
        let rest = self.syllables.iter().filter_map(move |syllable| word.strip_prefix(syllable));
        rest.filter(|rest| rest.chars().count() >= TURNED_LETTERS_MIN)
    }

    /// Does the word carry no content?
    pub(in crate::merge) fn is_function_word(&self, word: &str) -> bool {
        self.function_words.contains(word)
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::ReadText;
    use super::*;

    #[test]
    fn words_stand_here_as_they_are_compared() {
        let folded = |word: &str| -> String {
            ReadText::of(word, "").words.into_iter().map(|part| part.text).collect()
        };
        let lists = LISTS.iter().flat_map(|lists| {
            [
                lists.turning,
                lists.beginnings,
                lists.syllables,
                lists.turning_parts,
                lists.innocent,
                lists.function_words,
            ]
        });
        let others: Vec<&str> =
            lists.flat_map(str::split_whitespace).filter(|word| folded(word) != *word).collect();
        assert!(others.is_empty(), "{others:?}");
    }

    #[test]
    fn innocent_words_turn_nothing_round() {
        for (lang, text) in [
            ("en", "A way out and down the hill to the end of the road, parental leave, export of fruit"),
            ("fr", "Une personne de confiance à la fin de la journée"),
            ("es", "Como as del deporte, con fines sociales"),
            ("ar", "ما نريد من المدرسة"),
            ("zh", "免费午餐，别的城市，非洲青年，取得成绩，除了周末，未来的工作，不同的语言，停车场"),
            ("de", "Eine Person ohne as und sin"),
        ] {
            assert_eq!(ReadText::of(text, lang).turns, 0, "{text}");
        }
    }

    #[test]
    fn turning_words_count_in_their_own_language_only() {
        for (lang, text, turns) in [
            ("en", "Do not close the pool without a vote", 3),
            ("fr", "Ne fermez pas la piscine", 2),
            ("es", "No cerrar la piscina sin votar", 3),
            ("ru", "Не закрывать бассейн", 1),
            ("ar", "لا تغلقوا المسبح", 1),
            ("zh", "不要关闭游泳池，反对涨价", 2),
            ("", "No, pas, не", 3),
            ("fr", "No logo", 0),
            ("en", "Mas sin ni", 0),
        ] {
            assert_eq!(ReadText::of(text, lang).turns, turns, "{text}");
        }
    }
}
