//! Tokens of consultations that were deleted: whoever still has one is told so, and an organizer finds the certificate (rule C12).
//!
//! Hashes of tokens, in memory only, for as long as an answer to the deletion can be asked for again. After that, and after a
//! restart, such a token is nobody's.

use std::collections::{HashMap, VecDeque};

use proto::ids::{CertificateId, ConsultationId};
use proto::role::Role;

use crate::consultation::{Consultation, Hash32};

/// What whoever has such a token may know: the certificate, or only that all is deleted.
pub type Told = Option<CertificateId>;

/// The tokens of one consultation, with what each may know.
#[derive(Debug)]
pub struct DeletedTokens {
    of: ConsultationId,
    tokens: Vec<(Hash32, Told)>,
}

impl DeletedTokens {
    /// All tokens of a consultation, those of its organizers first.
    #[must_use]
    pub fn of(consultation: &Consultation, certificate: CertificateId) -> Self {
        let seats = consultation.seats().values();
        let told = |role| (role == Role::Organizer).then_some(certificate);
        let now = seats.map(|seat| (seat.token(), told(seat.role())));
        let former = consultation.former_tokens().map(|(_, token)| (token, None));
        let mut tokens: Vec<_> = now.chain(former).collect();
        tokens.sort_by_key(|(_, told)| told.is_none());
        Self { of: consultation.id(), tokens }
    }
}

/// The tokens of all consultations that were deleted a short time ago.
#[derive(Debug)]
pub(in crate::live) struct KeptTokens {
    told: HashMap<Hash32, Told>,
    order: VecDeque<(ConsultationId, Vec<Hash32>)>,
    max: usize,
}

impl KeptTokens {
    /// None yet; at most so many, those of the oldest consultation are forgotten first.
    pub(in crate::live) fn new(max: usize) -> Self {
        Self { told: HashMap::new(), order: VecDeque::new(), max }
    }

    pub(in crate::live) fn keep(&mut self, DeletedTokens { of, mut tokens }: DeletedTokens) {
        tokens.truncate(self.max);
        while self.told.len() + tokens.len() > self.max {
            let Some((_, oldest)) = self.order.pop_front() else { break };
            self.drop_all(&oldest);
        }
        self.order.push_back((of, tokens.iter().map(|(token, _)| *token).collect()));
        self.told.extend(tokens);
    }

    pub(in crate::live) fn forget(&mut self, consultation: ConsultationId) {
        if let Some(at) = self.order.iter().position(|(of, _)| *of == consultation)
            && let Some((_, tokens)) = self.order.remove(at)
        {
            self.drop_all(&tokens);
        }
    }

    fn drop_all(&mut self, tokens: &[Hash32]) {
        for token in tokens {
            self.told.remove(token);
        }
    }

    /// What whoever has this token is told; `None`: it is of no consultation that was deleted.
    pub(in crate::live) fn told(&self, token: Hash32) -> Option<Told> {
        self.told.get(&token).copied()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn tokens(of: u128, tokens: &[u8]) -> DeletedTokens {
        let certificate = CertificateId(Uuid::from_u128(9));
        let told = |token: u8| (token == 1).then_some(certificate);
        let tokens = tokens.iter().map(|token| (Hash32([*token; 32]), told(*token))).collect();
        DeletedTokens { of: ConsultationId(Uuid::from_u128(of)), tokens }
    }

    #[test]
    fn c12_as_many_tokens_as_may_are_kept_and_those_of_the_oldest_consultation_go_first() {
        let mut kept = KeptTokens::new(3);
        let told = |kept: &KeptTokens| [1, 2, 3, 4, 5].map(|token| kept.told(Hash32([token; 32])).is_some());
        kept.keep(tokens(1, &[1, 2]));
        assert!(kept.told(Hash32([1; 32])).flatten().is_some(), "an organizer finds the certificate");
        assert_eq!(kept.told(Hash32([2; 32])), Some(None), "a seat is told that it is deleted");
        kept.keep(tokens(2, &[3]));
        assert_eq!(told(&kept), [true, true, true, false, false]);
        kept.keep(tokens(3, &[4]));
        assert_eq!(told(&kept), [false, false, true, true, false]);
        kept.keep(tokens(4, &[5, 1, 2, 3]));
        assert_eq!(told(&kept), [true, true, false, false, true], "more than may be are not kept");
        kept.forget(ConsultationId(Uuid::from_u128(4)));
        assert_eq!(told(&kept), [false; 5]);
    }
}
