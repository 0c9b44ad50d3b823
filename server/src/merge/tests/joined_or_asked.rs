//! What is joined without asking, what is suggested, and what is neither.

use std::collections::BTreeSet;

use proto::api::curation::PairMark;

use crate::merge::tests::rules::idea;
use crate::merge::*;

/// Ideas around which a pair stands, so that words have frequencies.
const AROUND: [&str; 8] = [
    "Build more playgrounds near the river",
    "The library needs longer opening hours",
    "Teach first aid in all secondary schools",
    "Lower rents for young families",
    "A night bus on every weekend",
    "Plant trees along the main road",
    "Free internet in public buildings",
    "Give volunteers a certificate",
];

fn consultation(lang: &str, a: &str, b: &str) -> RunInput {
    let mut ideas = vec![MergeIdea { lang: lang.to_owned(), ..idea("a", "A", a) }];
    ideas.push(MergeIdea { lang: lang.to_owned(), ..idea("b", "B", b) });
    ideas.extend(AROUND.iter().enumerate().map(|(n, text)| idea(&format!("z{n}"), "C", text)));
    RunInput { ideas, ..RunInput::default() }
}

fn merged(lang: &str, a: &str, b: &str) -> Run {
    run(&consultation(lang, a, b)).unwrap()
}

fn joined(lang: &str, a: &str, b: &str) -> bool {
    merged(lang, a, b).items.iter().any(|item| item.members.len() == 2)
}

fn suggested(lang: &str, a: &str, b: &str) -> bool {
    merged(lang, a, b).suggestions.iter().any(|pair| (pair.a.as_str(), pair.b.as_str()) == ("a", "b"))
}

#[test]
fn what_is_nearly_the_same_is_asked_about_and_never_joined() {
    for (lang, a, b) in [
        (
            "en",
            "All schools will be fully funded by the state",
            "All schools will be fuly funded by the state",
        ),
        (
            "en",
            "Open the youth centre on Sundays and holidays",
            "Open the youth center on Sundays and on holidays",
        ),
        (
            "en",
            "The youth centre should be open on Sundays",
            "I think the youth centre should be open on Sundays",
        ),
        ("en", "Open the youth centre on Sundays", "open the youth centre on sundays please"),
        (
            "fr",
            "Il faut ouvrir la maison des jeunes chaque dimanche",
            "Il faut vraiment ouvrir la maison des jeunes chaque dimanche",
        ),
        (
            "es",
            "Hay que abrir el centro juvenil todos los domingos",
            "Creo que hay que abrir el centro juvenil todos los domingos",
        ),
        (
            "ru",
            "Открыть молодёжный центр по воскресеньям",
            "Пожалуйста, надо открыть молодежный центр по воскресеньям",
        ),
        ("ar", "فتح مركز الشباب أيام الأحد والعطل", "رجاء فتح مركز الشباب أيام الأحد والعطل"),
        ("zh", "请在星期天和节假日开放青年活动中心吧", "在星期天和节假日开放青年活动中心"),
    ] {
        assert!(!joined(lang, a, b), "{a} / {b}");
        assert!(suggested(lang, a, b), "{a} / {b}");
    }
}

#[test]
fn who_says_more_is_not_joined_but_suggested() {
    for (lang, a, b) in [
        (
            "en",
            "The town needs more competitive internet rates",
            "The town needs more competitive cable and internet rates",
        ),
        (
            "en",
            "Cheaper tickets for buses and trains in the region",
            "Cheaper tickets for buses and trains in the whole region",
        ),
        (
            "en",
            "Smoking should be allowed nowhere near the doors of schools, shops and restaurants in our town",
            "Smoking should be allowed nowhere near the doors of schools, shops and restaurants in our town or in public parks",
        ),
        (
            "en",
            "We should decide how the money of the town is spent",
            "They should decide how the money of the town is spent",
        ),
        (
            "en",
            "Close the old bridge to all cars and lorries",
            "Close our old bridge now to all cars and lorries",
        ),
        ("en", "Spend the money of the town on buses", "Spend only the money of the town on buses"),
        (
            "es",
            "Necesitamos más actividades para las familias del barrio los fines de semana en invierno",
            "Necesitamos más actividades para las familias del barrio los fines de semana en invierno y verano",
        ),
        (
            "zh",
            "我们地区的学校应该得到充分的资助和支持以便每个孩子学习",
            "我们地区的学校应该得到充分的资助和支持以便每个孩子学习并且建设公园",
        ),
    ] {
        assert!(!joined(lang, a, b), "{a} / {b}");
        assert!(suggested(lang, a, b), "{a} / {b}");
        assert!(merged(lang, a, b).suggestions[0].score >= 0.8, "{a} / {b}: the score is high");
    }
}

#[test]
fn opposite_meanings_are_never_joined_but_suggested() {
    for (lang, a, b) in [
        (
            "en",
            "The schools in our district are fully funded",
            "The schools in our district are not fully funded",
        ),
        ("en", "We should defund the police in our city now", "We should defend the police in our city now"),
        ("en", "Increase the tax on cars in the inner city", "Decrease the tax on cars in the inner city"),
        ("en", "Make street music legal in the old town", "Make street music illegal in the old town"),
        ("en", "Put the needs of cars before those of bikes", "Put the needs of bikes before those of cars"),
        ("en", "Lower the voting age to 16 in all elections", "Lower the voting age to 18 in all elections"),
        ("en", "People don't want the new road by the lake", "People want the new road by the lake"),
        (
            "fr",
            "Les écoles de notre quartier sont bien financées",
            "Les écoles de notre quartier ne sont pas bien financées",
        ),
        (
            "es",
            "Las escuelas del barrio tienen bastante dinero",
            "Las escuelas del barrio no tienen bastante dinero",
        ),
        (
            "ru",
            "Школы нашего района хорошо финансируются городом",
            "Школы нашего района не финансируются хорошо городом",
        ),
        (
            "ar",
            "المدارس في منطقتنا ممولة بالكامل من الدولة",
            "المدارس في منطقتنا غير ممولة بالكامل من الدولة",
        ),
        ("zh", "我们地区的学校得到了充分的资助和支持", "我们地区的学校没有得到充分的资助和支持"),
    ] {
        assert!(!joined(lang, a, b), "{a} / {b}");
        assert!(suggested(lang, a, b), "{a} / {b}");
    }
}

#[test]
fn a_sign_an_emoji_a_letter_or_the_order_keeps_two_texts_apart() {
    for (lang, a, b) in [
        ("en", "+ night buses to the harbour", "- night buses to the harbour"),
        ("en", "Free lunch at school 👍", "Free lunch at school 👎"),
        ("en", "Is the beach clean enough?", "Is the beach clean enough"),
        ("en", "Every town should adopt the charter", "Every town should adapt the charter"),
        ("en", "Nurses before teachers on the list", "Teachers before nurses on the list"),
        ("es", "Vestuarios para las nadadoras", "Vestuarios para los nadadores"),
        ("ru", "Тренер выбирает игроков команды", "Тренера выбирают игроки команды"),
        ("yo", "ọ̀wọ̀", "ọwọ̀"),
        ("gn", "g̃", "g"),
        ("en", "10⁴ trees", "104 trees"),
    ] {
        assert!(!joined(lang, a, b), "{a} / {b}");
    }
    for (lang, a, b) in [("en", "Open 9–17", "open 9-17."), ("ar", "٢٠ حافلة", "20 حافلة")] {
        assert!(joined(lang, a, b), "{a} / {b}");
    }
}

#[test]
fn the_same_words_for_another_point_or_in_another_section_stay_apart() {
    let text = "More benches";
    let point = |point: &str, id: &str| MergeIdea { point: Some(point.into()), ..idea(id, "A", text) };
    let ideas = vec![point("p", "a"), point("q", "b"), point("p", "c")];
    let run = run(&RunInput { ideas, ..RunInput::default() }).unwrap();
    let members: BTreeSet<usize> = run.items.iter().map(|item| item.members.len()).collect();
    assert_eq!(members, BTreeSet::from([1, 2]));
}

#[test]
fn short_and_very_long_texts_are_joined_only_when_identical() {
    assert!(!joined("en", "More night buses", "More night busses"));
    assert!(joined("en", "More night buses", "more  night buses."));
    let long = "A very long text about schools. ".repeat(100);
    assert!(!joined("en", &format!("{long} Yes."), &format!("{long} Perhaps.")));
    assert!(joined("zh", "更多夜班公交车。", "更多夜班公交车"));
}

#[test]
fn a_suggestion_says_which_words_are_shared_and_a_decision_ends_it() {
    let (a, b) = ("Free parking downtown in the evening", "Parking downtown should be free at night");
    let run_ = merged("en", a, b);
    assert_eq!(run_.suggestions.len(), 1, "{:?}", run_.suggestions);
    assert_eq!(run_.suggestions[0].shared, ["downtown", "parking", "free"]);
    assert!((0.25..0.8).contains(&run_.suggestions[0].score));
    let mut input = consultation("en", a, b);
    assert_eq!(run(&input).unwrap().suggestions.len(), 1);
    input.decisions.assign.insert("a".into(), "a".into());
    assert!(run(&input).unwrap().suggestions.is_empty());
    input.decisions = Decisions::default();
    input.decisions.not_duplicate.insert(("b".into(), "a".into()));
    assert!(run(&input).unwrap().suggestions.is_empty());
}

#[test]
fn an_assignment_carries_others_along_but_two_assignments_stay_apart() {
    let text = "All schools will be fully funded by the state";
    let mut input = RunInput {
        ideas: vec![idea("a", "A", text), idea("b", "B", &format!("{text}.")), idea("c", "C", "Ramps")],
        ..RunInput::default()
    };
    let members = |input: &RunInput| -> BTreeSet<usize> {
        run(input).unwrap().items.iter().map(|item| item.members.len()).collect()
    };
    assert_eq!(members(&input), BTreeSet::from([1, 2]));
    input.decisions.assign.insert("c".into(), "a".into());
    assert_eq!(members(&input), BTreeSet::from([3]));
    input.decisions.assign.insert("b".into(), "b".into());
    assert_eq!(members(&input), BTreeSet::from([1, 2]));
}

#[test]
fn a_new_idea_with_other_words_changes_no_other_component() {
    let pair =
        ("All schools will be fully funded by the state", "all schools will be fully funded by the state.");
    let before = merged("en", pair.0, pair.1);
    let members = |run: &Run| -> BTreeSet<Vec<IdeaKey>> {
        run.items.iter().map(|item| item.members.iter().map(|m| m.idea.clone()).collect()).collect()
    };
    let mut ideas = vec![idea("a", "A", pair.0), idea("b", "B", pair.1), idea("new", "A", "Щедрые чаевые")];
    ideas.extend(AROUND.iter().enumerate().map(|(n, text)| idea(&format!("z{n}"), "C", text)));
    let after = run(&RunInput { ideas, ..RunInput::default() }).unwrap();
    let mut expected = members(&before);
    expected.insert(vec!["new".into()]);
    assert_eq!(members(&after), expected);
}

#[test]
fn the_three_nearest_texts() {
    let ideas: Vec<MergeIdea> = AROUND.iter().map(|text| idea(text, "A", text)).collect();
    let nearest = Similar::new(&ideas).nearest("trees on the main roads", "en", 3);
    assert_eq!(nearest[0].0, 5);
    assert!(nearest.len() <= 3 && nearest[0].1 > 0.4);
    assert!(Similar::new(&ideas).nearest("", "", 3).is_empty());
    assert!(Similar::new(&[]).nearest("anything", "en", 3).is_empty());
}

#[test]
fn a_translation_makes_ideas_of_two_languages_comparable_but_joins_nothing_by_itself() {
    let mut input = consultation(
        "en",
        "Free buses for all pupils in the region",
        "Бесплатные автобусы для всех школьников области",
    );
    input.ideas[1].lang = "ru".to_owned();
    assert!(run(&input).unwrap().suggestions.is_empty());
    assert!(
        Similar::new(&input.ideas).nearest("free buses for pupils", "en", 9).iter().all(|near| near.0 != 1)
    );
    input.ideas[1].tr.insert("en".to_owned(), "Free buses for all pupils in the region".to_owned());
    let run_ = run(&input).unwrap();
    assert_eq!(run_.suggestions.len(), 1);
    assert!(run_.suggestions[0].score >= 0.99, "the highest score counts");
    assert_eq!(run_.suggestions[0].shared, ["buses", "pupils", "region", "all", "free"]);
    assert_eq!(run_.items.len(), input.ideas.len(), "no silent merge");
    let near = Similar::new(&input.ideas).nearest("free buses for pupils", "en", 2);
    assert_eq!(BTreeSet::from([near[0].0, near[1].0]), BTreeSet::from([0, 1]));
    // An idea is not its own duplicate.
    input.ideas[1].tr.insert("uk".to_owned(), "Free buses for all pupils in the region".to_owned());
    assert_eq!(run(&input).unwrap().suggestions.len(), 1);
}

/// What speaks against a pair, if it is asked about.
fn marked(lang: &str, a: &str, b: &str) -> Option<PairMark> {
    let run = merged(lang, a, b);
    let found = run.suggestions.iter().find(|pair| (pair.a.as_str(), pair.b.as_str()) == ("a", "b"));
    found.unwrap_or_else(|| panic!("{a} / {b} is asked about")).mark
}

#[test]
fn a_pair_says_what_speaks_against_it() {
    for (lang, a, b, mark) in [
        (
            "en",
            "Open the pool on Sunday mornings",
            "Don't open the pool on Sunday mornings",
            PairMark::Negation,
        ),
        (
            "en",
            "Rents in the centre are affordable",
            "Rents in the centre are unaffordable",
            PairMark::Negation,
        ),
        ("fr", "Les bus sont gratuits le soir", "Les bus ne sont pas gratuits le soir", PairMark::Negation),
        ("es", "Abrir la piscina los domingos", "No abrir la piscina los domingos", PairMark::Negation),
        ("ru", "Открыть бассейн в воскресенье", "Не открыть бассейн в воскресенье", PairMark::Negation),
        ("ar", "يجب فتح المسبح يوم الأحد", "لا يجب فتح المسبح يوم الأحد", PairMark::Negation),
        ("zh", "星期天开放游泳池", "星期天不开放游泳池", PairMark::Negation),
        ("en", "Voting from 16 in all elections", "Voting from 18 in all elections", PairMark::Number),
        ("ar", "التصويت من ١٦ سنة", "التصويت من ١٨ سنة", PairMark::Number),
        ("en", "Free buses for pupils", "Free buses for pupils and apprentices", PairMark::SaysMore),
    ] {
        assert_eq!(marked(lang, a, b), Some(mark), "{a} / {b}");
        assert_eq!(marked(lang, b, a), Some(mark), "{b} / {a}");
    }
    for (lang, a, b) in [
        ("en", "Open the pool on Sundays", "Open the pool on a Sunday"),
        ("fr", "Une personne pour aider les élèves", "Une personne pour aider les élèves !"),
        ("zh", "学校的免费午餐", "学校的午餐免费"),
    ] {
        assert_eq!(marked(lang, a, b), None, "{a} / {b}");
    }
}

#[test]
fn pairs_that_the_input_names_are_asked_about_instead_of_those_of_the_words() {
    let mut input = consultation("en", "Free buses", "Free busses");
    let pair = CandidatePair { a: "z1".into(), b: "a".into(), score: 0.5, shared: Vec::new(), mark: None };
    input.pairs = Some(vec![pair.clone()]);
    let asked = run(&input).unwrap().suggestions;
    assert_eq!(asked, [CandidatePair { a: "a".into(), b: "z1".into(), ..pair }]);
    input.decisions.not_duplicate.insert(("a".into(), "z1".into()));
    assert!(run(&input).unwrap().suggestions.is_empty());
    input.ideas.retain(|idea| idea.id.as_str() != "z1");
    assert!(run(&input).is_err(), "an idea that is nowhere");
    input.forget_missing();
    assert!(run(&input).is_ok());
}

#[test]
fn texts_that_are_identical_are_compared_once() {
    let ideas: Vec<MergeIdea> =
        (0..400).map(|n| idea(&format!("i{n:03}"), "A", ["Free buses", "Free busses"][n % 2])).collect();
    let pairs = candidates(&ideas, |_| None).pairs;
    assert_eq!(pairs.len(), 1, "{pairs:?}");
    let run = run(&RunInput { ideas, ..RunInput::default() }).unwrap();
    assert_eq!((run.items.len(), run.suggestions.len()), (2, 1));
}

#[test]
fn words_and_meaning_find_what_either_finds_and_rank_it_by_both() {
    let texts =
        ["Free buses for pupils", "Pupils ride free of charge", "Free buses for all pupils", "A new pool"];
    let ideas: Vec<MergeIdea> = texts.iter().map(|text| idea(text, "A", text)).collect();
    let vectors = [[1.0, 0.0, 0.0], [0.8, 0.6, 0.0], [0.6, 0.8, 0.0], [0.0, 0.0, 1.0]];
    let found = candidates(&ideas, |idea| {
        texts.iter().position(|text| *text == idea.text).map(|place| vectors[place].as_slice())
    })
    .pairs;
    let pair = |a: usize, b: usize| {
        found.iter().position(|pair| {
            let both = BTreeSet::from([pair.a.as_str(), pair.b.as_str()]);
            both == BTreeSet::from([texts[a], texts[b]])
        })
    };
    assert!(pair(0, 1).is_some(), "by meaning: {found:?}");
    assert!(pair(0, 2).is_some(), "by words: {found:?}");
    assert!(pair(0, 3).is_none() && pair(1, 3).is_none(), "{found:?}");
    assert!(found.is_sorted_by(|x, y| x.score >= y.score));
}

#[test]
fn texts_of_any_kind_are_entries_and_stop_no_run() {
    let long = "слово ".repeat(834);
    let texts =
        ["🚌", "2026 12", "Tēnā koutou katoa", "ισαισα", "Más بالإنجليزية слова 更多 now", long.trim()];
    let mut ideas: Vec<MergeIdea> = texts.iter().map(|text| idea(text, "A", text)).collect();
    for (place, lang) in ["", "en", "mi", "el", "zxx-Latn", "ru"].into_iter().enumerate() {
        lang.clone_into(&mut ideas[place].lang);
    }
    // What nobody may share, but a file may hold.
    let beyond = "a ".repeat(40_000);
    ideas.push(idea("beyond", "A", &beyond));
    ideas.push(idea("beyond too", "B", &beyond));
    let found = candidates(&ideas, |_| None);
    let named: Vec<&str> = found.unread.iter().map(IdeaKey::as_str).collect();
    assert_eq!(named, ["beyond", "beyond too"]);
    let run = run(&RunInput { ideas, ..RunInput::default() }).unwrap();
    assert_eq!(run.items.len(), texts.len() + 2, "each is an entry of its own");
}

#[test]
fn four_hundred_equal_texts_are_one_entry_and_are_read_once() {
    let ideas: Vec<MergeIdea> =
        (0..400).map(|n| idea(&format!("{n:03}"), &format!("{}", n % 7), "A later bus")).collect();
    assert!(candidates(&ideas, |_| None).pairs.is_empty());
    let run = run(&RunInput { ideas, ..RunInput::default() }).unwrap();
    assert_eq!(run.items.iter().map(|item| item.members.len()).collect::<Vec<_>>(), [400]);
}

#[test]
fn an_idea_has_so_many_pairs_its_best_ones_and_two_promoted_ideas_are_always_asked_about() {
    const EACH: usize = 24;
    // Two hundred texts that differ by one word of many: each pair is similar.
    let common: Vec<String> = (0..40).map(|n| format!("{}{}", letter(n), "word")).collect();
    let all: Vec<MergeIdea> = (0..200)
        .map(|n| {
            let text = format!("{} {}{}zz", common.join(" "), letter(n / 26), letter(n % 26));
            MergeIdea { promoted: n >= 190, ..idea(&format!("{n:03}"), "A", &text) }
        })
        .collect();
    let pairs = candidates(&all, |_| None).pairs;
    let promoted = |key: &IdeaKey| key.as_str() >= "190";
    let (two, others): (Vec<_>, Vec<_>) =
        pairs.iter().partition(|pair| promoted(&pair.a) && promoted(&pair.b));
    assert_eq!(two.len(), 45, "ten promoted ideas");
    assert!(others.len() <= 200 * EACH, "{}", others.len());
    for one in &all {
        assert!(pairs.iter().any(|pair| pair.a == one.id || pair.b == one.id), "{}", one.id);
    }
}

/// A letter, or two, for a number.
fn letter(n: u32) -> String {
    let one = |n: u32| char::from_u32(u32::from(b'a') + n).unwrap();
    if n < 26 { one(n).to_string() } else { format!("{}{}", one(n / 26 - 1), one(n % 26)) }
}
