//! What the phones of the demo write: ideas of our own, in the six languages, and what others add to them.

use proto::command::Kind::{self, Challenge, GoodPractice, Opportunity, Partnership, Recommendation};

/// An idea before anybody wrote it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seed {
    /// Which discussion point, from 0.
    pub point: usize,
    pub kind: Kind,
    pub lang: &'static str,
    pub text: &'static str,
    /// What somebody else adds, letter by letter.
    pub addition: &'static str,
}

const fn seed(
    point: usize,
    kind: Kind,
    lang: &'static str,
    text: &'static str,
    addition: &'static str,
) -> Seed {
    Seed { point, kind, lang, text, addition }
}

/// Ten ideas for each of four groups. Some say the same as an idea of another group.
#[rustfmt::skip]
pub(super) const POOL: [[Seed; 10]; 4] = [
    [
        seed(0, Challenge, "en", "Fake job offers on messaging apps end in forced scam work abroad", ", and families are too ashamed to report it"),
        seed(1, Recommendation, "en", "Teach how to spot online fraud from age 12, in every school", ", with real screenshots instead of slides"),
        seed(2, Recommendation, "fr", "Un numéro unique, gratuit et anonyme, pour signaler une arnaque en ligne", ", joignable aussi par message"),
        seed(4, Opportunity, "en", "Young developers already build browser warnings for scam shops", " and give them away for free"),
        seed(2, Partnership, "en", "Youth clubs and the cybercrime unit meet once a month, same table, same level", " and publish what they agreed"),
        seed(3, Recommendation, "en", "No face recognition of minors without a judge", ", and an annual public report on every use"),
        seed(0, Challenge, "es", "Los reclutadores buscan a menores en los chats de los juegos", " y les ofrecen dinero rápido"),
        seed(1, GoodPractice, "en", "Older pupils train younger ones: nobody listens to a poster", ", everybody listens to a friend"),
        seed(4, Recommendation, "ru", "Конкурс для молодых команд: приложения, которые помогают жертвам торговли людьми", ", с поддержкой после победы"),
        seed(2, Recommendation, "en", "Give youth organisations a seat in national cybercrime strategies", " with a vote, not only a chair"),
    ],
    [
        seed(1, Recommendation, "en", "Teach how to spot online fraud from age 12, in every school.", " Parents can join on Saturdays"),
        seed(0, Challenge, "ar", "يستغل المجرمون وسائل التواصل للإيقاع بالشباب الباحثين عن عمل", "، خاصة في القرى البعيدة"),
        seed(2, Recommendation, "ar", "تدريب المعلمين على حماية الطلاب من الابتزاز الإلكتروني", " بالتعاون مع المنظمات الشبابية"),
        seed(3, Challenge, "en", "Laws against cybercrime are used against journalists and activists", " who report on corruption"),
        seed(4, Recommendation, "en", "Fund small youth tech projects for two years, not for two weeks", ", with simple forms"),
        seed(2, Partnership, "fr", "Associer les plateformes, la police et les associations de jeunes dans une même cellule d'alerte", ", avec des règles écrites"),
        seed(1, GoodPractice, "ar", "مقاطع قصيرة يصنعها الشباب تشرح حيل الاحتيال", " باللهجات المحلية 📱"),
        seed(3, Recommendation, "en", "Tell people within a month when their data was searched", " and how to complain"),
        seed(0, Opportunity, "en", "Satellite images show illegal mines and dumping before anybody on the ground dares to", " speak about them"),
        seed(4, Opportunity, "es", "Mapas comunitarios que avisan de zonas de trata", " sin mostrar a quien denuncia"),
    ],
    [
        seed(0, Challenge, "zh", "诈骗团伙用虚假招聘把年轻人骗到境外", "，家人往往不知道该找谁求助"),
        seed(1, Recommendation, "zh", "在学校开设识别网络诈骗的实践课", "，每学期至少两次"),
        seed(4, Opportunity, "en", "Open-source tools let students trace stolen cryptocurrency", " and hand it to trained investigators"),
        seed(2, Recommendation, "en", "Platforms must answer reports by minors within 24 hours", ", by a person and not by a robot"),
        seed(3, Recommendation, "en", "No face recognition of minors without a judge", " anywhere near a school"),
        seed(2, GoodPractice, "en", "A youth hotline where teenagers answer teenagers, with a lawyer in the room", " every evening until midnight"),
        seed(1, Challenge, "en", "Warnings come in the capital's language only", "; rural and refugee youth never see them"),
        seed(4, Partnership, "en", "Universities lend servers and mentors to youth teams that fight trafficking", " during the summer"),
        seed(3, Challenge, "fr", "On collecte tout, et personne ne sait quand c'est effacé", " ni qui l'a consulté"),
        seed(0, Challenge, "en", "Sextortion: a stranger, one photo, and nobody to tell", " at home or at school"),
    ],
    [
        seed(2, Recommendation, "es", "Protocolos claros para denunciar sin revelar la identidad", ", también desde un teléfono prestado"),
        seed(0, Challenge, "ru", "Подростков вербуют курьерами через анонимные каналы", ", обещая лёгкие деньги"),
        seed(1, Recommendation, "ru", "Учить в школе распознавать мошенников в сети", " на настоящих примерах"),
        seed(2, Recommendation, "en", "Give youth organisations a seat in national cybercrime strategies", ", paid like everybody else at the table"),
        seed(4, Recommendation, "en", "A public prize for tools that make crime harder and surveillance smaller", ", judged by young people"),
        seed(3, GoodPractice, "en", "Ethics review by a mixed board before a police force buys software", ", with minutes that anybody can read"),
        seed(1, Opportunity, "en", "Games can teach what a scam feels like before it costs anything", " and be played offline"),
        seed(0, Challenge, "es", "Cuentas falsas que venden viajes y becas que no existen", " cada verano"),
        seed(2, Partnership, "en", "Banks, mobile operators and student unions share new scam patterns weekly", " without sharing names"),
        seed(4, GoodPractice, "fr", "Des hackathons avec des victimes comme expertes, rémunérées", " et accompagnées"),
    ],
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_pool_speaks_the_six_languages_and_answers_every_point() {
        let all = || POOL.iter().flatten();
        let languages: BTreeSet<&str> = all().map(|seed| seed.lang).collect();
        assert_eq!(languages, BTreeSet::from(["ar", "en", "es", "fr", "ru", "zh"]));
        assert_eq!(all().map(|seed| seed.point).collect::<BTreeSet<_>>(), BTreeSet::from([0, 1, 2, 3, 4]));
    }
}
