// Generated from the Rust types of `proto` by its test `bindings`. Never edited.

export type ConsultationId = string;

export type GroupId = string;

export type PointId = string;

export type IdeaId = string;

export type SeatId = string;

export type MaterialId = string;

export type CardId = string;

export type ObjectionId = string;

export type CommandId = string;

export type Epoch = string;

export type Receipt = string;

export type ReceiptHash = string;

export type WordsHash = string;

export type Role = "organizer" | "moderator" | "rapporteur" | "editor" | "translator" | "participant" | "room" | "safeguarding";

export type Phase = "lobby" | "briefing" | "brainstorm" | "vote" | "review" | "plenary" | "closed";

export type Code = "malformed" | "unauthorized" | "forbidden" | "wrong-phase" | "groups-stay" | "rehearsing" | "nothing-there" | "unknown-code" | "door-closed" | "card-needed" | "card-used" | "card-void" | "too-many-tries" | "not-found" | "stale" | "last-organizer" | "in-use" | "template" | "not-a-pdf" | "conflict" | "over-budget" | "too-many-ideas" | "board-full" | "consultation-full" | "list-full" | "too-many-objections" | "too-many-promoted" | "entry-full" | "too-many-pins" | "too-many-versions" | "list-frozen" | "plenary-vote-open" | "plenary-vote-not-open" | "adoption-not-open" | "late-voter" | "group-working" | "other-section" | "answered-different" | "idea-hidden" | "not-confirmed" | "purged" | "too-many-notes" | "text-locked" | "seat-removed" | "closed-together" | "too-few" | "too-many-moves" | "at-the-door" | "not-waiting" | "too-many-reports" | "too-many-languages" | "text-too-long" | "text-empty" | "idea-empty" | "letters" | "too-large" | "too-slow" | "too-many-changes" | "too-fast" | "wrong-receipt" | "not-an-edit" | "other-epoch" | "misdirected" | "seat-moved" | "unavailable";

export type Problem = { 
/**
 * A short English sentence, the same for every problem with this code.
 */
title: string, 
/**
 * The HTTP status.
 */
status: number, 
/**
 * What the client translates.
 */
code: Code, 
/**
 * What was wrong this time, in English.
 */
detail: string, 
/**
 * Of a template: everything that is wrong in it.
 */
errors?: Array<FieldError>, 
/**
 * Of `too-many-tries`: the place in the queue. Whoever comes back with it within 15 seconds has it again.
 */
ticket?: string, 
/**
 * Of `too-fast`: in how many seconds the same is taken, where it is not a moment.
 */
wait?: number, 
/**
 * Of `purged`, for an organizer of what was deleted: where the certificate is (C12).
 */
certificate?: CertificateId, };

export type Kind = "challenge" | "opportunity" | "recommendation" | "partnership" | "good-practice";

export type ReportReason = "abuse" | "danger" | "other";

export type Share = { 
/**
 * Chosen by the author's phone.
 */
idea: IdeaId, 
/**
 * The board it goes to.
 */
group: GroupId, 
/**
 * The discussion point it answers; absent: the first.
 */
point?: PointId, 
/**
 * What it is; absent: not said.
 */
kind?: Kind, 
/**
 * BCP 47 tag of its language; empty or absent: not known.
 */
lang?: string, text: string, 
/**
 * The SHA-256 of the receipt that only the author's phone holds.
 */
receipt: ReceiptHash, 
/**
 * Written by staff for somebody without a phone. Only staff may say so.
 */
spoken?: boolean, };

export type AnnouncedState = { 
/**
 * The phase that begins at `at`.
 */
phase: Phase, 
/**
 * When at the latest, by the server's clock, in milliseconds since 1970.
 */
at: number, };

export type LateIdea = { id: IdeaId, 
/**
 * Its words, as they lie on the shelf.
 */
text: string, 
/**
 * The discussion point it answers.
 */
point: PointId, 
/**
 * What it is.
 */
kind: Kind | null, 
/**
 * BCP 47 tag, or empty.
 */
lang: string, };

export type LateShelf = { 
/**
 * How many there are.
 */
count: number, 
/**
 * The ideas in the order in which they came; empty for those who may see only how many there are.
 */
ideas: Array<LateIdea>, };

export type ClockOf = "phase" | "point";

export type Action = { "do": "create" } & Create | { "do": "join" } & Join | { "do": "share" } & Share | { "do": "edit", idea: IdeaId, 
/**
 * Proof that it is one's own.
 */
receipt: Receipt, 
/**
 * The whole new text.
 */
text: string, } | { "do": "withdraw", idea: IdeaId, 
/**
 * Proof that it is one's own.
 */
receipt: Receipt, } | { "do": "approve", idea: IdeaId, 
/**
 * `true` approves, `false` takes the approval back.
 */
on: boolean, 
/**
 * The seat's counter: of two decisions on one idea the one with the higher counter stands, in whatever
 * order they arrive. Absent: order of arrival.
 */
counter?: number, } | { "do": "promote", idea: IdeaId, 
/**
 * `true` promotes, `false` takes the promotion back.
 */
on: boolean, 
/**
 * What it is. Absent: as its author said, else as the server proposes by its discussion point (rule C32).
 */
kind?: Kind, } | { "do": "hide", idea: IdeaId, 
/**
 * Why: the id of a reason.
 */
reason: string, 
/**
 * Confirms that the words are deleted for good. Must be `true` for `personal-data`, and for no other reason.
 */
erase?: boolean, 
/**
 * The words that were read. If it says others by now it is `stale`, unless everybody sees the idea and the words are
 * kept: hiding must not wait for somebody who goes on typing.
 */
read?: WordsHash, } | { "do": "unhide", idea: IdeaId, 
/**
 * The words that were read; if it says others by now, it is `stale`.
 */
read?: WordsHash, } | { "do": "combine", idea: IdeaId, 
/**
 * The one that stands for both. If it is combined itself: the one that it is combined into.
 */
into: IdeaId, } | { "do": "take-apart", idea: IdeaId, } | { "do": "order", 
/**
 * The group whose promoted ideas these are.
 */
group: GroupId, 
/**
 * First to last; promoted ones that are not named follow.
 */
ideas: Array<IdeaId>, } | { "do": "restore", idea: IdeaId, 
/**
 * The number of the wording.
 */
wording: number, } | { "do": "lock", idea: IdeaId, 
/**
 * `true` locks, `false` lets people edit again.
 */
on: boolean, } | { "do": "remove-writer", 
/**
 * The idea in which that can be seen.
 */
idea: IdeaId, 
/**
 * The id under which the letters stand, or under which somebody is said to edit this idea.
 */
writer: number, } | { "do": "shelve" } & Share | { "do": "admit", idea: IdeaId, 
/**
 * The words that were read; if it says others by now, it is `stale`.
 */
read: WordsHash, } | { "do": "hide-board", 
/**
 * The group of the board.
 */
group: GroupId, 
/**
 * `true` hides it.
 */
on: boolean, } | { "do": "report", idea: IdeaId, 
/**
 * Why. `danger` hides it at once and reaches the safeguarding contact alone.
 */
why: ReportReason, } | { "do": "acknowledge", idea: IdeaId, } | { "do": "settle", idea: IdeaId, 
/**
 * Show it again? Otherwise it stays hidden.
 */
show: boolean, 
/**
 * The words that were read; if it says others by now, it is not shown: `stale`.
 */
read?: WordsHash, } | { "do": "settle-all", group: GroupId, 
/**
 * Show them again? Otherwise they are hidden, and stay hidden.
 */
show: boolean, 
/**
 * Idea → the words that were read. What says others by now is not decided.
 */
read: { [key in string]: WordsHash }, } | { "do": "translate", idea: IdeaId, 
/**
 * BCP 47 tag of the language.
 */
lang: string, 
/**
 * The same in that language.
 */
text: string, 
/**
 * The hash of the words that were translated.
 */
read?: WordsHash, 
/**
 * The number `n` of the translation that this one takes the place of; absent: there was none.
 */
over?: number, } | { "do": "help", group: GroupId, 
/**
 * `true` calls, `false` says that help has come.
 */
on: boolean, } | { "do": "reveal", 
/**
 * The group of the board.
 */
group: GroupId, 
/**
 * Only those of this discussion point; absent: all.
 */
point?: PointId, } | { "do": "phase", 
/**
 * The phase that is entered.
 */
phase: Phase, 
/**
 * How long it is meant to last; absent: no clock.
 */
minutes?: number, 
/**
 * Only this group; absent: everybody.
 */
group?: GroupId, 
/**
 * Announce it and move after so many seconds, or as soon as no phone is sending; absent or 0: at once.
 */
grace_seconds?: number, } | { "do": "stay", 
/**
 * Only this group; absent: everybody.
 */
group?: GroupId, } | { "do": "point", point: PointId, 
/**
 * How long it is meant to last; absent: as planned.
 */
minutes?: number, 
/**
 * Only this group; absent: all groups.
 */
group?: GroupId, } | { "do": "next-point", 
/**
 * How long it is meant to last; absent: as planned.
 */
minutes?: number, 
/**
 * Only this group; absent: all groups.
 */
group?: GroupId, } | { "do": "minutes", 
/**
 * One figure per point.
 */
minutes: Array<number>, 
/**
 * Only this group; absent: all groups.
 */
group?: GroupId, } | { "do": "clock", 
/**
 * By how many minutes; negative: shorter.
 */
minutes: number, 
/**
 * Which clock; absent: that of the phase.
 */
of?: ClockOf, 
/**
 * Only this group; absent: everybody.
 */
group?: GroupId, } | { "do": "door", 
/**
 * `true` opens it.
 */
open: boolean, 
/**
 * When a closed door opens by itself, in milliseconds since 1970; absent: when somebody opens it.
 */
opens_at?: number, 
/**
 * How people who come later are let in; absent: as before.
 */
admission?: Admission, } | { "do": "make-cards", 
/**
 * How many cards, from 1.
 */
count: number, 
/**
 * The group that they lead into; absent: the smallest, when they are used.
 */
group?: GroupId, } | { "do": "revoke-card", card: CardId, } | { "do": "replace-card", 
/**
 * The card that is lost, or whose phone is.
 */
card: CardId, } | { "do": "chairs", 
/**
 * How many; absent: nobody counted.
 */
count?: number, 
/**
 * Only this group; absent: all.
 */
group?: GroupId, } | { "do": "let-in", 
/**
 * At most so many; absent: all.
 */
count?: number, 
/**
 * Only those of this group; absent: of all.
 */
group?: GroupId, } | { "do": "close-seats", 
/**
 * Seats of one burst, or of everybody.
 */
which: SeatsToClose, 
/**
 * Which of them alone; absent: every seat of a burst.
 */
only?: SeatsOnly, 
/**
 * How many the sender saw; if they are more by now, nothing is closed.
 */
at_most: number, 
/**
 * How many seats had come when the sender saw that, as the desk says (`came`): seats that came later stay. Absent: all.
 */
came?: number, 
/**
 * Of seats without a phone: when the sender saw that, as the desk says (`left`). Seats that had a phone then stay. Absent: all.
 */
left?: number, 
/**
 * Only those of this group; absent: of all.
 */
group?: GroupId, } | { "do": "restore-seats", 
/**
 * Its number on the desk.
 */
closing: number, } | { "do": "move-seat", 
/**
 * Four characters, as they are typed.
 */
code: string, 
/**
 * The group that the seat goes to.
 */
group: GroupId, } | { "do": "change-group", 
/**
 * The group that the seat goes to.
 */
group: GroupId, } | { "do": "amend", field: Field, 
/**
 * The version of the field that the change is based on.
 */
base: number, 
/**
 * The whole new value.
 */
value: unknown, } | { "do": "add-link" } & NewLink | { "do": "revoke-link", seat: SeatId, } | { "do": "hand-link", 
/**
 * The old link's seat.
 */
seat: SeatId, 
/**
 * The new link's seat, chosen by who makes it.
 */
to: SeatId, 
/**
 * The SHA-256 of the new token, as 64 hex digits.
 */
token: ReceiptHash, 
/**
 * A place or function.
 */
label?: string, } | { "do": "merge", } | { "do": "assign", idea: IdeaId, 
/**
 * The item: that of another idea to combine them; the idea itself to take it apart and leave it alone.
 * Absent: the words decide again.
 */
item?: IdeaId, } | { "do": "not-duplicate", a: IdeaId, b: IdeaId, 
/**
 * `true`: not the same.
 */
on: boolean, } | { "do": "pin", item: IdeaId, 
/**
 * `true` puts it first.
 */
on: boolean, 
/**
 * Its place among the items that come first, from 1; absent: the last of them.
 */
place?: number, } | { "do": "exclude", item: IdeaId, 
/**
 * `true` keeps it off.
 */
on: boolean, } | { "do": "ranking", 
/**
 * How many places.
 */
k?: Places, 
/**
 * By which rule.
 */
rule?: Rule, 
/**
 * What a person weighs.
 */
weights?: Weights, } | { "do": "freeze", 
/**
 * `true` freezes, `false` lets the list follow changes again.
 */
on: boolean, } | { "do": "sign-off", 
/**
 * The group whose card it is, which is the seat's own.
 */
group: GroupId, 
/**
 * `true`: this is what we said.
 */
agree?: boolean, 
/**
 * What is missing: it travels with the card as a minority note.
 */
line?: string, 
/**
 * With `agree`: the texts of the card's ideas that were read, in their order. If the card says others by now, it is
 * `stale`.
 */
read?: WordsHash, } | { "do": "hide-note", note: NoteId, 
/**
 * Why: the id of a reason. Absent: show it again.
 */
reason?: string, } | { "do": "retain", 
/**
 * Days after the end; at least 1, and fewer than before once it is closed.
 */
days: number, } | { "do": "purge", 
/**
 * Its title or its code, typed.
 */
confirm: string, } | { "do": "reword", item: IdeaId, } | { "do": "settle-text", 
/**
 * Its name in `about.doubtful`.
 */
text: string, 
/**
 * `true` puts it back as it is; `false` deletes it for good.
 */
keep: boolean, 
/**
 * The words that were read; if it says others by now, it is `stale`.
 */
read: WordsHash, } | { "do": "open-plenary-vote", } | { "do": "close-plenary-vote", } | { "do": "approve-entry", item: IdeaId, 
/**
 * `true` approves, `false` takes the approval back.
 */
on: boolean, 
/**
 * The seat's counter: of two decisions on one entry the one with the higher counter stands, in whatever order they
 * arrive. Absent: order of arrival.
 */
counter?: number, } | { "do": "open-adoption", 
/**
 * The version's number.
 */
version: number, } | { "do": "close-adoption", } | { "do": "adopt", 
/**
 * `true`: I stand by it.
 */
on: boolean, 
/**
 * The seat's counter: the answer with the highest counter stands. Absent: order of arrival.
 */
counter?: number, } | { "do": "add-group-to-paper", group: GroupId, } | { "do": "let-voters-in", 
/**
 * At most so many; absent: all.
 */
count?: number, } | { "do": "object", item: IdeaId, 
/**
 * Why; absent: no longer.
 */
line?: string, 
/**
 * The seat's counter: of several decisions on one item the one with the highest counter stands. Absent: order of arrival.
 */
counter?: number, } | { "do": "hide-objection", item: IdeaId, 
/**
 * Which of its objections.
 */
objection: ObjectionId, };

export type LocalText = string | { [key in string]: string };

export type Tallies = "live" | "hidden";

export type EntryMode = "choice" | "balanced" | "links" | "cards";

export type Admission = "open" | "waves";

export type Settings = { 
/**
 * Votes per seat over all points; `null`: as many as one likes.
 */
votes: number | null, 
/**
 * When tallies appear.
 */
tallies: Tallies, 
/**
 * Shared ideas are held back until the moderator reveals the board.
 */
private_first: boolean, 
/**
 * May people come in?
 */
door_open: boolean, 
/**
 * Ideas that one seat may share.
 */
ideas_per_seat: number, 
/**
 * How many entries of each section one group may promote. If it is `null`, the server computes it from the number of groups (rule C32).
 */
promoted_per_group: number | null, 
/**
 * A shared idea waits until a moderator lets it on the board.
 */
moderation: boolean, 
/**
 * How people who come in are given a group.
 */
entry: EntryMode, 
/**
 * What becomes of people who come in.
 */
admission: Admission, 
/**
 * May a group be moved ahead of the consultation, or stay behind it?
 */
groups_move: boolean, 
/**
 * Do all seats vote on the entries of all groups, in the plenary?
 */
plenary_vote: PlenaryVoteHeld, 
/**
 * Which entries they vote on.
 */
ballot_paper: PaperScope, 
/**
 * The language in which the result is authoritative.
 */
working_language: WorkingLanguage, 
/**
 * Days after the end of the consultation until it is purged.
 */
retention_days: number, };

export type NewPoint = { title: LocalText, 
/**
 * How long groups talk about it.
 */
minutes?: number, 
/**
 * What an idea about it is, unless its author said so (rule C32).
 */
kind?: Kind, } | LocalText;

export type Create = { 
/**
 * What the consultation is called; absent: as the template says.
 */
title?: LocalText, 
/**
 * Names of the groups; absent: two.
 */
groups: Array<string>, 
/**
 * Discussion points; absent: those of the template, else one.
 */
points: Array<NewPoint>, 
/**
 * Name of a built-in template, for example `technology-crime`.
 */
template?: string, 
/**
 * Settings; absent: those of the template, else the defaults.
 */
settings?: Settings, };

export type Point = { id: PointId, title: LocalText, 
/**
 * How long groups talk about it.
 */
minutes: number, 
/**
 * What an idea about it is, unless its author said so (rule C32). Absent: the server proposes a recommendation.
 */
kind?: Kind, };

export type Link = { 
/**
 * The secret, for `Authorization: Bearer`.
 */
token: string, 
/**
 * The address to open; the secret stands in its fragment.
 */
url: string, };

export type Created = { 
/**
 * The new consultation.
 */
id: ConsultationId, 
/**
 * Six characters to type.
 */
code: string, 
/**
 * What the QR code says: the address with the 128-bit key in its fragment.
 */
join_url: string, 
/**
 * The organizer's link.
 */
organizer: Link, 
/**
 * The editor's link.
 */
editor: Link, 
/**
 * The projector's link.
 */
room: Link, 
/**
 * The safeguarding contact's link.
 */
safeguarding: Link, 
/**
 * The groups in their order.
 */
groups: Array<CreatedGroup>, };

export type CreatedGroup = { 
/**
 * Its id; its board is `board/<id>`.
 */
id: GroupId, name: string, 
/**
 * Its moderator's link.
 */
moderator: Link, 
/**
 * Its rapporteur's link.
 */
rapporteur: Link, };

export type Join = { 
/**
 * Six characters of the consultation, or nine of a card or a group's link, typed.
 */
code?: string, 
/**
 * 32 hex digits, from a QR code or link.
 */
key?: string, 
/**
 * Which group; absent: the smallest.
 */
group?: GroupId, 
/**
 * Chosen by the phone: the same again gives the same seat, so a lost answer costs nothing.
 */
request?: CommandId, };

export type Joined = { 
/**
 * The new seat.
 */
seat: SeatId, 
/**
 * The secret of the seat, for `Authorization: Bearer` and as the first message of a document (W3).
 */
token: string, consultation: ConsultationId, group: GroupId, 
/**
 * The name of its board's document.
 */
board: string, };

export type JoinInfo = { consultation: ConsultationId, title: LocalText, groups: Array<DoorstepGroup>, 
/**
 * The languages of its texts.
 */
languages: Array<string>, 
/**
 * May one come in now?
 */
open: boolean, 
/**
 * How one is given a group.
 */
entry: EntryMode, 
/**
 * When a closed door opens by itself, in milliseconds since 1970.
 */
opens_at?: number, 
/**
 * The server's time, beside `opens_at`: a phone's own clock may be wrong.
 */
now?: number, 
/**
 * The key that this code stands for: who typed once need not wait for a second turn. None on cards.
 */
key?: string, 
/**
 * Why this code or card lets nobody in, whatever the door: `card-needed`, `card-used`, `card-void`.
 */
refusal?: Code, 
/**
 * Are ideas sent to a service that says which of them mean the same?
 */
texts_to_service?: boolean, };

export type DoorstepGroup = { id: GroupId, name: string, };

export type ConsultationState = { id: ConsultationId, title: LocalText, 
/**
 * Where it stands.
 */
phase: Phase, 
/**
 * When the phase began and when it ends, by the server's time.
 */
clock: ClockState, 
/**
 * A phase change for everybody that was announced.
 */
announced?: AnnouncedState, 
/**
 * Its discussion points, in order.
 */
points: Array<Point>, 
/**
 * Its groups, in order.
 */
groups: Array<GroupState>, settings: Settings, 
/**
 * The language in which the result is authoritative, a BCP 47 tag; absent: no language is prepared.
 */
working_language?: string, 
/**
 * Entries of each section that one group may promote (rule C32).
 */
promoted_at_most: number, 
/**
 * Number of the last merge run; 0: none yet.
 */
run: number, 
/**
 * The plenary vote; absent before the plenary, and where none is held.
 */
plenary_vote?: PlenaryVoteState, 
/**
 * The adoption of a version; absent until one was opened.
 */
adoption?: AdoptionState, 
/**
 * Is the list full, or nearly (rule B7)? Absent while there is room.
 */
list_fullness?: Fullness, 
/**
 * When it is deleted, in milliseconds since 1970; while it is not closed: if nothing happens any more.
 */
purge_at?: number, 
/**
 * Its time is over: when everything is deleted, a few minutes after this was announced.
 */
purge_soon?: number, 
/**
 * Version of everything prepared; fetch the programme again when it changes.
 */
programme: number, 
/**
 * When the closed door opens by itself, in milliseconds since 1970.
 */
opens_at?: number, 
/**
 * Are ideas sent to a service that says which of them mean the same?
 */
texts_to_service?: boolean, 
/**
 * Is it the twin of a consultation, in which the day is rehearsed?
 */
rehearsal?: boolean, };

export type ConsultationView = { 
/**
 * The number of the protocol that the server speaks, [`crate::PROTOCOL`] (W18).
 */
protocol: number, 
/**
 * What concerns the asker alone.
 */
you: You, id: ConsultationId, title: LocalText, 
/**
 * Where it stands.
 */
phase: Phase, 
/**
 * When the phase began and when it ends, by the server's time.
 */
clock: ClockState, 
/**
 * A phase change for everybody that was announced.
 */
announced?: AnnouncedState, 
/**
 * Its discussion points, in order.
 */
points: Array<Point>, 
/**
 * Its groups, in order.
 */
groups: Array<GroupState>, settings: Settings, 
/**
 * The language in which the result is authoritative, a BCP 47 tag; absent: no language is prepared.
 */
working_language?: string, 
/**
 * Entries of each section that one group may promote (rule C32).
 */
promoted_at_most: number, 
/**
 * Number of the last merge run; 0: none yet.
 */
run: number, 
/**
 * The plenary vote; absent before the plenary, and where none is held.
 */
plenary_vote?: PlenaryVoteState, 
/**
 * The adoption of a version; absent until one was opened.
 */
adoption?: AdoptionState, 
/**
 * Is the list full, or nearly (rule B7)? Absent while there is room.
 */
list_fullness?: Fullness, 
/**
 * When it is deleted, in milliseconds since 1970; while it is not closed: if nothing happens any more.
 */
purge_at?: number, 
/**
 * Its time is over: when everything is deleted, a few minutes after this was announced.
 */
purge_soon?: number, 
/**
 * Version of everything prepared; fetch the programme again when it changes.
 */
programme: number, 
/**
 * When the closed door opens by itself, in milliseconds since 1970.
 */
opens_at?: number, 
/**
 * Are ideas sent to a service that says which of them mean the same?
 */
texts_to_service?: boolean, 
/**
 * Is it the twin of a consultation, in which the day is rehearsed?
 */
rehearsal?: boolean, };

export type ClockState = { 
/**
 * When this state was sent.
 */
now: number, 
/**
 * When the phase began.
 */
started_at: number, 
/**
 * When it is meant to end; `null`: open.
 */
ends_at: number | null, };

export type GroupState = { id: GroupId, name: string, 
/**
 * Where it stands; the consultation's phase unless its moderator ran ahead or behind.
 */
phase: Phase, 
/**
 * When the phase began and when it ends, by the server's time.
 */
clock: ClockState, 
/**
 * Seats in this group with a live connection.
 */
here: number, 
/**
 * Ideas shared and not yet revealed.
 */
held: number, 
/**
 * How many have said something of their group's card.
 */
signed: number, 
/**
 * Those of them that belong to the current discussion point.
 */
held_at_point: number, 
/**
 * A phase change for this group that was announced.
 */
announced?: AnnouncedState, 
/**
 * The discussion point it is at; `null` before its first.
 */
point: PointId | null, 
/**
 * The clock of that point.
 */
point_clock: ClockState, 
/**
 * How long each point is meant to last in this group, in the order of the points.
 */
minutes: Array<number>, 
/**
 * Ideas on its late shelf.
 */
late: number, 
/**
 * Is its whole board out of sight?
 */
hidden: boolean, 
/**
 * Has it called for help?
 */
help: boolean, 
/**
 * Is its board full, or nearly (rule B7)? Absent while there is room.
 */
fullness?: Fullness, };

export type You = { 
/**
 * The role of the token.
 */
role: Role, 
/**
 * The group, for participants, moderators and rapporteurs.
 */
group: GroupId | null, 
/**
 * The language into which it translates, for translators.
 */
lang?: string, 
/**
 * Ideas that this seat approves.
 */
approved: Array<IdeaId>, 
/**
 * Those of them whose words changed since: they count, and it is asked whether they still stand.
 */
confirm: Array<IdeaId>, 
/**
 * This seat's responses to items in the plenary.
 */
responses?: { [key in IdeaId]: OwnResponse }, 
/**
 * This participant's part in the plenary vote; absent before it is opened.
 */
plenary_vote?: OwnPlenaryVote, 
/**
 * What it says of the adoption; absent until one was opened, and for staff.
 */
adoption?: OwnAdoption, 
/**
 * How others come in; staff and rooms only.
 */
door?: Door, };

export type Door = { 
/**
 * Six characters to type.
 */
code: string, 
/**
 * The address in the QR code.
 */
url: string, 
/**
 * Where each group has a door of its own: those of the asker's group, or of all.
 */
groups?: Array<GroupDoor>, };

export type Answer = { 
/**
 * The command's id.
 */
id: CommandId, 
/**
 * Always `true`: a refusal is a problem.
 */
ok: boolean, 
/**
 * Its place in the consultation's journal.
 */
seq: number, 
/**
 * What `create` made.
 */
created?: Created, 
/**
 * What `join` gave.
 */
joined?: Joined, 
/**
 * What `purge` leaves.
 */
certificate?: Certificate, };

export type BoardView = { 
/**
 * The board's epoch.
 */
epoch: Epoch, 
/**
 * The last record of this board in the consultation's journal; ask for more with `?after=`.
 */
seq: number, 
/**
 * The ideas in the board's order.
 */
ideas: Array<IdeaView>, 
/**
 * The promoted ideas in the order of the group's card, once its moderator ordered them.
 */
group_card_order?: Array<IdeaId>, };

export type IdeaView = { id: IdeaId, 
/**
 * Its words as they stand now.
 */
text: string, 
/**
 * The group's wording of it for the plenary (rule C33). Absent until it was promoted.
 */
entry?: string, 
/**
 * The discussion point it answers.
 */
point: PointId, 
/**
 * What it is.
 */
kind: Kind | null, 
/**
 * BCP 47 tag, or empty.
 */
lang: string, 
/**
 * Votes; `null` while they are hidden.
 */
tally: number | null, 
/**
 * Shown, promoted, or combined into another.
 */
state: IdeaState, 
/**
 * The idea that stands for this one, if it is combined.
 */
into?: IdeaId, 
/**
 * May nobody change the text?
 */
locked?: boolean, 
/**
 * Written by staff for somebody without a phone.
 */
spoken?: boolean, 
/**
 * Language → the same in that language.
 */
tr?: { [key in string]: string }, 
/**
 * Language → that translation with what is known of it (rule C36).
 */
translations?: { [key in string]: Translation }, };

export type IdeaState = "shown" | "promoted" | "combined-into";

export type TicketRequest = { 
/**
 * The document it is for.
 */
document: string, };

export type Ticket = { 
/**
 * For `GET /sync/{document}?token=…`.
 */
ticket: string, 
/**
 * When it ends, in milliseconds since 1970.
 */
expires: number, };

export type Desk = { 
/**
 * Per group, in order.
 */
groups: Array<GroupDesk>, 
/**
 * Of all groups together; organizers alone are told it.
 */
all?: Attendance, 
/**
 * Has nobody ever opened the safeguarding contact's link? Organizers alone are told it.
 */
contact_absent?: boolean, };

export type Attendance = { 
/**
 * Seats that are not closed together with others, without those at the door.
 */
seats: number, 
/**
 * How many people are in the room, as staff counted them.
 */
chairs?: number, 
/**
 * Seats that wait at the door until they are let in.
 */
at_door: number, 
/**
 * How many seats of the whole consultation have come so far, those that were closed included: what `close-seats` names, so
 * that seats that come while somebody decides are not closed with those that were seen.
 */
came: number, 
/**
 * The number of the state in which these seats had a phone or none: what `close-seats` names as well, so that it means those that
 * were seen without a phone, whatever phones fall asleep or come and go while somebody decides.
 */
left: number, 
/**
 * What is known of the seats that are in.
 */
conduct: Conduct, 
/**
 * How many came in each of the last minutes in which anybody came, oldest first, since the server started.
 */
arrived: Array<Arrived>, 
/**
 * Seats that came in a burst from one place, since the server started. Where from is told to nobody.
 */
bursts: Array<Burst>, 
/**
 * Closings of many seats that can still be undone (rule C29).
 */
closings: Array<ClosedTogether>, 
/**
 * Who voted in the groups; told of all groups only, and not of few.
 */
voted?: Ballots, 
/**
 * Who answered in the plenary; the same.
 */
answered?: Ballots, };

export type Burst = { 
/**
 * Its number, from 1; what `close-seats` names.
 */
burst: number, 
/**
 * Seats of it that are not closed.
 */
seats: number, 
/**
 * Seconds between the first and the last of them, at least 1.
 */
seconds: number, 
/**
 * The minute in which it began, in milliseconds since 1970.
 */
at: number, 
/**
 * What is known of them.
 */
conduct: Conduct, };

export type Conduct = { 
/**
 * Those with a phone that is connected now.
 */
phones: number, 
/**
 * Those that never had one.
 */
unseen: number, 
/**
 * Those that shared an idea or wrote in a text.
 */
wrote: number, 
/**
 * Those that may have written before the server was started: they never count as silent.
 */
unsure: number, 
/**
 * Ideas that they shared. These stay when the seats are closed.
 */
ideas: number, 
/**
 * Those that voted, answered a card or said anything in the room.
 */
voted: number, 
/**
 * Those that did none of this, and did not come with a card.
 */
silent: number, 
/**
 * Those without a phone that is connected now, and that did not come with a card.
 */
absent: number, 
/**
 * Those that are both.
 */
idle: number, };

export type Arrived = { 
/**
 * When, cut to the minute: milliseconds since 1970-01-01 UTC.
 */
at: number, 
/**
 * How many seats.
 */
seats: number, };

export type Ballots = { 
/**
 * Seats that voted.
 */
seats: number, 
/**
 * Those that never wrote.
 */
only: number, 
/**
 * Those that came when the vote was open already.
 */
late: number, 
/**
 * Those that never had a phone connected since the server was started.
 */
unseen: number, };

export type ClosedTogether = { 
/**
 * Its number; what `restore-seats` names.
 */
closing: number, 
/**
 * How many seats.
 */
seats: number, 
/**
 * How it was decided which seats are closed.
 */
why: ClosedWhy, 
/**
 * Which of them alone; absent: all.
 */
only?: SeatsOnly, 
/**
 * Seats that came in since its sender looked, and that are not closed: more of the same, maybe.
 */
since: number, 
/**
 * Until when it can be undone, in milliseconds since 1970.
 */
until: number, };

export type DeskIdea = { id: IdeaId, 
/**
 * Its words; empty when they are deleted or for somebody else.
 */
text: string, 
/**
 * BCP 47 tag, or empty when it is not known.
 */
lang: string, 
/**
 * Its discussion point.
 */
point: PointId, 
/**
 * `null` when its author chose none.
 */
kind: Kind | null, 
/**
 * Is it held until the board is revealed, also when it was let in? Absent: no.
 */
held?: boolean, 
/**
 * Does it wait because its author changed it after it was let in? Absent: no.
 */
changed?: boolean, };

export type DeskList = "waiting" | "hidden";

export type DeskPage = { 
/**
 * How many are on the whole list.
 */
all: number, 
/**
 * If they were asked for: those that wait, from the place that was asked for.
 */
waiting?: Array<DeskIdea>, 
/**
 * If they were asked for: hidden ones.
 */
hidden?: Array<HiddenIdea>, };

export type AlertState = "new" | "waiting" | "acknowledged" | "kept" | "shown";

export type Alert = { group: GroupId, 
/**
 * The minute of the first report, in milliseconds since 1970.
 */
at: number, 
/**
 * How many reported it; never who.
 */
reports: number, 
/**
 * What was done about it.
 */
state: AlertState, 
/**
 * How many reported it since it was shown again: its words may be others by now.
 */
again: number, id: IdeaId, 
/**
 * Its words; empty when they are deleted or for somebody else.
 */
text: string, 
/**
 * BCP 47 tag, or empty when it is not known.
 */
lang: string, 
/**
 * Its discussion point.
 */
point: PointId, 
/**
 * `null` when its author chose none.
 */
kind: Kind | null, 
/**
 * Is it held until the board is revealed, also when it was let in? Absent: no.
 */
held?: boolean, 
/**
 * Does it wait because its author changed it after it was let in? Absent: no.
 */
changed?: boolean, };

export type Alerts = { 
/**
 * The first ones: of ideas that everybody can still read, then those that nobody has decided about, then the others; of each
 * the newest first.
 */
alerts: Array<Alert>, 
/**
 * How many there are in all.
 */
all: number, };

export type HiddenIdea = { 
/**
 * The id of the reason.
 */
reason: string, 
/**
 * Are its words deleted for good? Then it cannot be shown again.
 */
erased: boolean, id: IdeaId, 
/**
 * Its words; empty when they are deleted or for somebody else.
 */
text: string, 
/**
 * BCP 47 tag, or empty when it is not known.
 */
lang: string, 
/**
 * Its discussion point.
 */
point: PointId, 
/**
 * `null` when its author chose none.
 */
kind: Kind | null, 
/**
 * Is it held until the board is revealed, also when it was let in? Absent: no.
 */
held?: boolean, 
/**
 * Does it wait because its author changed it after it was let in? Absent: no.
 */
changed?: boolean, };

export type GroupDesk = { group: GroupId, 
/**
 * Participants who have a seat in it.
 */
seats: number, 
/**
 * How many of them there are beside how many can be there.
 */
attendance: Attendance, 
/**
 * Those of them who have shared nothing yet.
 */
not_written: number, 
/**
 * Connected phones of participants that have not sent everything yet.
 */
sending: number, 
/**
 * Does `not_written` count too many? So it is when the server was started since ideas were shared: who shared them
 * is not stored.
 */
at_most: boolean, 
/**
 * When the group called for help, to the minute, in milliseconds since 1970.
 */
help?: number, 
/**
 * Moderators of this group who are connected now.
 */
moderators: number, 
/**
 * Ideas that wait to be let on the board: the first of them, as many as a message may hold (rule C27). Moderators of the
 * group alone are told these.
 */
waiting?: Array<DeskIdea>, 
/**
 * How many ideas wait to be let on the board.
 */
waiting_all?: number, 
/**
 * Since when the first of them waits, to the minute, in milliseconds since 1970; of one that waited when the server was
 * started: that minute, although it waits longer. Absent: none waits.
 */
waiting_since?: number, 
/**
 * Ideas that somebody reported, and how many did; never who. Those with most reports, as many as a message may hold.
 */
reported?: { [key in IdeaId]: number }, 
/**
 * Ideas for which its board still has room, once these are few (rule B7).
 */
room_left?: number, 
/**
 * Ideas that are hidden, with their words as far as they are not deleted: the first of them, as many as a message may
 * hold (rule C27). Moderators of the group alone are told these.
 */
hidden?: Array<HiddenIdea>, 
/**
 * How many ideas are hidden.
 */
hidden_all?: number, 
/**
 * Ideas that say the same as words that were deleted as personal data since the server started, shown or not (rule C25).
 * Nobody else is told these.
 */
repeats?: Array<DeskIdea>, 
/**
 * How many these are; the organizer is told the number alone.
 */
repeats_all?: number, 
/**
 * Was the search for such ideas ended before it had looked at all of the consultation?
 */
repeats_cut?: boolean, 
/**
 * Does a report of this group wait for the safeguarding contact, whose link nobody has ever opened?
 */
report_unread?: boolean, };

export type Wording = { 
/**
 * Its number, from 1; what `restore` names.
 */
wording: number, 
/**
 * When, cut to the minute: milliseconds since 1970-01-01 UTC.
 */
at: number, text: string, };

export type Wordings = { idea: IdeaId, 
/**
 * At most 12, the oldest first.
 */
wordings: Array<Wording>, };

export type WordingsPage = { 
/**
 * How many ideas have other words than they were shared with.
 */
all: number, 
/**
 * Of these ideas, from the place that was asked for.
 */
ideas: Array<Wordings>, };

export type LedgerEntry = { 
/**
 * When, cut to the minute: milliseconds since 1970-01-01 UTC.
 */
at: number, 
/**
 * In which role; absent for what came from the group and the safeguarding contact, who must not be told apart.
 */
by?: Role, 
/**
 * The group it concerns; absent: all.
 */
group?: GroupId, } & ({ "did": "promoted", idea: IdeaId, 
/**
 * Sent?
 */
on: boolean, } | { "did": "hidden", idea: IdeaId, 
/**
 * The id of the reason.
 */
reason: string, } | { "did": "unhidden", idea: IdeaId, } | { "did": "held-in-group", idea: IdeaId, 
/**
 * Held?
 */
on: boolean, } | { "did": "combined", idea: IdeaId, 
/**
 * The idea that stands for both.
 */
into: IdeaId, } | { "did": "took-apart", idea: IdeaId, } | { "did": "ordered", ideas: number, } | { "did": "restored", idea: IdeaId, } | { "did": "locked", idea: IdeaId, 
/**
 * Locked?
 */
on: boolean, } | { "did": "seat-removed", } | { "did": "seats-closed", seats: number, 
/**
 * How it was decided which seats are closed.
 */
why: ClosedWhy, 
/**
 * Which of them alone; absent: all.
 */
only?: SeatsOnly, } | { "did": "seats-restored", seats: number, } | { "did": "let-in", seats: number, } | { "did": "board-hidden", 
/**
 * Taken out of sight?
 */
on: boolean, } | { "did": "revealed", ideas: number, } | { "did": "admitted", idea: IdeaId, } | { "did": "moved", 
/**
 * The phase that was entered.
 */
phase: Phase, } | { "did": "amended", field: Field, } | { "did": "door", 
/**
 * Opened?
 */
open: boolean, 
/**
 * When a closed one opens by itself, in milliseconds since 1970.
 */
opens_at?: number, 
/**
 * How people who come later are let in, if that was changed.
 */
admission?: Admission, } | { "did": "cards-made", cards: number, } | { "did": "card-revoked", } | { "did": "card-replaced", } | { "did": "seat-moved", } | { "did": "assigned", idea: IdeaId, 
/**
 * The entry; absent: where its words put it.
 */
item?: IdeaId, } | { "did": "not-duplicate", a: IdeaId, b: IdeaId, 
/**
 * Not the same?
 */
on: boolean, } | { "did": "pinned", 
/**
 * In their order.
 */
items: Array<IdeaId>, } | { "did": "excluded", item: IdeaId, 
/**
 * Kept off?
 */
on: boolean, } | { "did": "ranking", 
/**
 * By which rule.
 */
rule: Rule, 
/**
 * With what weights.
 */
weights: Weights, } | { "did": "plenary-vote-opened", 
/**
 * Entries on the ballot paper.
 */
entries: number, } | { "did": "plenary-vote-closed", 
/**
 * Seats that might vote.
 */
voters: number, 
/**
 * How many of them voted.
 */
voted: number, 
/**
 * The lot by which ties are broken, drawn at that moment, as 64 hex digits.
 */
lot: string, } | { "did": "group-added-to-paper", 
/**
 * Entries that came with it.
 */
entries: number, } | { "did": "voters-let-in", seats: number, } | { "did": "frozen", 
/**
 * Frozen?
 */
on: boolean, 
/**
 * Under which version.
 */
version: number, } | { "did": "adoption-opened", 
/**
 * Its number.
 */
version: number, } | { "did": "adoption-closed", 
/**
 * Its number.
 */
version: number, 
/**
 * Seats that stand by it.
 */
adopted: People, 
/**
 * Seats that might say so.
 */
voters: number, } | { "did": "version-made", 
/**
 * Its number.
 */
version: number, } | { "did": "reworded", item: IdeaId, } | { "did": "text-settled", 
/**
 * The text that was settled.
 */
what: Worded, 
/**
 * Of which entry of the list; absent: of the statement.
 */
idea?: IdeaId, 
/**
 * In which other language.
 */
lang?: string, 
/**
 * Was it put back?
 */
kept: boolean, } | { "did": "worded", 
/**
 * The text in which they wrote.
 */
what: Worded, 
/**
 * Of which idea or entry of the list; absent: of the statement.
 */
idea?: IdeaId, 
/**
 * In which other language.
 */
lang?: string, } | { "did": "note-hidden", note: NoteId, 
/**
 * The id of the reason.
 */
reason: string, } | { "did": "note-shown", note: NoteId, } | { "did": "retained", 
/**
 * Days for which it is kept from now on.
 */
days: number, } | { "did": "objection-hidden", item: IdeaId, } | { "did": "passed-over", idea: IdeaId, 
/**
 * The promoted one with the fewest votes.
 */
than: IdeaId, } | { "did": "merged", 
/**
 * The number of the run, from 1.
 */
run: number, });

export type LedgerLine = { "did": "promoted", idea: IdeaId, 
/**
 * Sent?
 */
on: boolean, } | { "did": "hidden", idea: IdeaId, 
/**
 * The id of the reason.
 */
reason: string, } | { "did": "unhidden", idea: IdeaId, } | { "did": "held-in-group", idea: IdeaId, 
/**
 * Held?
 */
on: boolean, } | { "did": "combined", idea: IdeaId, 
/**
 * The idea that stands for both.
 */
into: IdeaId, } | { "did": "took-apart", idea: IdeaId, } | { "did": "ordered", ideas: number, } | { "did": "restored", idea: IdeaId, } | { "did": "locked", idea: IdeaId, 
/**
 * Locked?
 */
on: boolean, } | { "did": "seat-removed", } | { "did": "seats-closed", seats: number, 
/**
 * How it was decided which seats are closed.
 */
why: ClosedWhy, 
/**
 * Which of them alone; absent: all.
 */
only?: SeatsOnly, } | { "did": "seats-restored", seats: number, } | { "did": "let-in", seats: number, } | { "did": "board-hidden", 
/**
 * Taken out of sight?
 */
on: boolean, } | { "did": "revealed", ideas: number, } | { "did": "admitted", idea: IdeaId, } | { "did": "moved", 
/**
 * The phase that was entered.
 */
phase: Phase, } | { "did": "amended", field: Field, } | { "did": "door", 
/**
 * Opened?
 */
open: boolean, 
/**
 * When a closed one opens by itself, in milliseconds since 1970.
 */
opens_at?: number, 
/**
 * How people who come later are let in, if that was changed.
 */
admission?: Admission, } | { "did": "cards-made", cards: number, } | { "did": "card-revoked", } | { "did": "card-replaced", } | { "did": "seat-moved", } | { "did": "assigned", idea: IdeaId, 
/**
 * The entry; absent: where its words put it.
 */
item?: IdeaId, } | { "did": "not-duplicate", a: IdeaId, b: IdeaId, 
/**
 * Not the same?
 */
on: boolean, } | { "did": "pinned", 
/**
 * In their order.
 */
items: Array<IdeaId>, } | { "did": "excluded", item: IdeaId, 
/**
 * Kept off?
 */
on: boolean, } | { "did": "ranking", 
/**
 * By which rule.
 */
rule: Rule, 
/**
 * With what weights.
 */
weights: Weights, } | { "did": "plenary-vote-opened", 
/**
 * Entries on the ballot paper.
 */
entries: number, } | { "did": "plenary-vote-closed", 
/**
 * Seats that might vote.
 */
voters: number, 
/**
 * How many of them voted.
 */
voted: number, 
/**
 * The lot by which ties are broken, drawn at that moment, as 64 hex digits.
 */
lot: string, } | { "did": "group-added-to-paper", 
/**
 * Entries that came with it.
 */
entries: number, } | { "did": "voters-let-in", seats: number, } | { "did": "frozen", 
/**
 * Frozen?
 */
on: boolean, 
/**
 * Under which version.
 */
version: number, } | { "did": "adoption-opened", 
/**
 * Its number.
 */
version: number, } | { "did": "adoption-closed", 
/**
 * Its number.
 */
version: number, 
/**
 * Seats that stand by it.
 */
adopted: People, 
/**
 * Seats that might say so.
 */
voters: number, } | { "did": "version-made", 
/**
 * Its number.
 */
version: number, } | { "did": "reworded", item: IdeaId, } | { "did": "text-settled", 
/**
 * The text that was settled.
 */
what: Worded, 
/**
 * Of which entry of the list; absent: of the statement.
 */
idea?: IdeaId, 
/**
 * In which other language.
 */
lang?: string, 
/**
 * Was it put back?
 */
kept: boolean, } | { "did": "worded", 
/**
 * The text in which they wrote.
 */
what: Worded, 
/**
 * Of which idea or entry of the list; absent: of the statement.
 */
idea?: IdeaId, 
/**
 * In which other language.
 */
lang?: string, } | { "did": "note-hidden", note: NoteId, 
/**
 * The id of the reason.
 */
reason: string, } | { "did": "note-shown", note: NoteId, } | { "did": "retained", 
/**
 * Days for which it is kept from now on.
 */
days: number, } | { "did": "objection-hidden", item: IdeaId, } | { "did": "passed-over", idea: IdeaId, 
/**
 * The promoted one with the fewest votes.
 */
than: IdeaId, } | { "did": "merged", 
/**
 * The number of the run, from 1.
 */
run: number, };

export type Worded = "idea" | "entry" | "translation" | "wording" | "note" | "wording-translation" | "opening" | "summary" | "closing";

export type DoubtfulText = { 
/**
 * Its name in `about.doubtful`: `wording/ID`, `note/ID`, `tr/ID/LANGUAGE`, `statement/PART`.
 */
text: string, 
/**
 * What it says.
 */
words: string, };

export type DoubtfulTexts = { 
/**
 * Each with its words.
 */
texts: Array<DoubtfulText>, };

export type GroupDoor = { 
/**
 * The group that it leads into.
 */
group: GroupId, 
/**
 * Nine characters to type.
 */
code: string, 
/**
 * The address in its QR code.
 */
url: string, };

export type EntryCards = { 
/**
 * In the order of their numbers.
 */
cards: Array<EntryCardView>, };

export type EntryCardView = { id: CardId, 
/**
 * Its number on the sheet, from 1.
 */
number: number, 
/**
 * The group that it leads into; absent: the smallest.
 */
group?: GroupId, 
/**
 * What became of it.
 */
state: EntryCardState, 
/**
 * The number of the card that it stands for, if that was lost.
 */
replaces?: number, 
/**
 * Nine characters to type; only while it is good.
 */
code?: string, 
/**
 * The address in its QR code; only while it is good.
 */
url?: string, };

export type EntryCardState = "free" | "used" | "void";

export type SeatsToClose = { "burst": number } | "all";

export type SeatsOnly = "silent" | "absent" | "idle";

export type ClosedWhy = "burst" | "silent" | "absent" | "idle";

export type SeatCode = { 
/**
 * Four characters; they say nothing to anybody but the staff of this consultation.
 */
code: string, 
/**
 * Until when they do, in milliseconds since 1970.
 */
expires: number, };

export type Handover = { 
/**
 * Base64 that only the other phone can open: the key never comes here.
 */
sealed: string, };

export type HandoverView = { 
/**
 * The consultation of the seat.
 */
consultation: ConsultationId, title: LocalText, 
/**
 * The name of the seat's group.
 */
group: string, 
/**
 * When the parcel was left, in milliseconds since 1970.
 */
left: number, 
/**
 * The same clock now.
 */
now: number, };

export type Exchange = { 
/**
 * Chosen by the phone: the same request has the same new token again, if its answer was lost.
 */
request: CommandId, };

export type HandoverPlace = { 
/**
 * 32 hex digits.
 */
id: string, 
/**
 * Until when, in milliseconds since 1970.
 */
expires: number, };

export type Fullness = "nearly-full" | "full";

export type NoteId = string;

export type CertificateId = string;

export type Translation = { 
/**
 * Its words.
 */
text: string, 
/**
 * The hash of the words that were translated; absent: not known. Words with another hash are another wording.
 */
of?: WordsHash, 
/**
 * Did a machine make it?
 */
machine?: boolean, 
/**
 * How often it was replaced.
 */
n?: number, };

export type GroupCard = { group: GroupId, name: string, 
/**
 * How long its rapporteur may speak: the minutes of the plenary, divided among the groups that report.
 */
seconds: number, 
/**
 * What it promoted, in the order in which it is read out.
 */
ideas: Array<CardIdea>, 
/**
 * One thing about which it did not agree; absent while votes are hidden, and when there is none.
 */
disagreement?: Disagreement, 
/**
 * How many took part.
 */
figures: CardFigures, 
/**
 * What the group says of this card.
 */
signed: Signed, };

export type GroupCardView = { 
/**
 * What the asker said of it.
 */
own?: OwnAnswer, group: GroupId, name: string, 
/**
 * How long its rapporteur may speak: the minutes of the plenary, divided among the groups that report.
 */
seconds: number, 
/**
 * What it promoted, in the order in which it is read out.
 */
ideas: Array<CardIdea>, 
/**
 * One thing about which it did not agree; absent while votes are hidden, and when there is none.
 */
disagreement?: Disagreement, 
/**
 * How many took part.
 */
figures: CardFigures, 
/**
 * What the group says of this card.
 */
signed: Signed, };

export type OwnAnswer = { 
/**
 * This is what we said?
 */
agree: boolean, 
/**
 * Its line, if it wrote one.
 */
line?: string, };

export type CardIdea = { id: IdeaId, 
/**
 * Its words as the board has them now: the group's wording, if it was promoted.
 */
text: string, 
/**
 * The words of the idea, where the group words it otherwise.
 */
original?: string, 
/**
 * BCP 47 tag, or empty when it is not known.
 */
lang: string, 
/**
 * Language → the same in that language.
 */
translations?: { [key in string]: Translation }, 
/**
 * The discussion point it answers.
 */
point: PointId, 
/**
 * What it is.
 */
kind: Kind | null, 
/**
 * Votes; `null` while they are hidden.
 */
votes: number | null, };

export type Disagreement = { 
/**
 * Why it is told.
 */
why: Why, id: IdeaId, 
/**
 * Its words as the board has them now: the group's wording, if it was promoted.
 */
text: string, 
/**
 * The words of the idea, where the group words it otherwise.
 */
original?: string, 
/**
 * BCP 47 tag, or empty when it is not known.
 */
lang: string, 
/**
 * Language → the same in that language.
 */
translations?: { [key in string]: Translation }, 
/**
 * The discussion point it answers.
 */
point: PointId, 
/**
 * What it is.
 */
kind: Kind | null, 
/**
 * Votes; `null` while they are hidden.
 */
votes: number | null, };

export type Why = "unpromoted" | "divided";

export type CardFigures = { 
/**
 * Participants who have a seat in it: how many could sign.
 */
seats: number, 
/**
 * Participants who approve anything; `null` while votes are hidden.
 */
voters: number | null, 
/**
 * Ideas on its board.
 */
ideas: number, };

export type Signed = { 
/**
 * How many say: this is what we said.
 */
agreed: number, 
/**
 * What is missing, each in one line, also of people who agree.
 */
notes: Array<Note>, };

export type Note = { id: NoteId, 
/**
 * The line; absent when it is hidden.
 */
line?: string, 
/**
 * Why it is hidden: the id of a reason.
 */
hidden?: string, 
/**
 * The line of one that is hidden because it says something like deleted words, for who decides about it (rule C25).
 */
undecided?: string, };

export type Follow = { 
/**
 * Where they were shared.
 */
consultation: ConsultationId, 
/**
 * The ideas with their receipts.
 */
ideas: Array<Owned>, };

export type Owned = { idea: IdeaId, 
/**
 * The secret that its author kept; a wrong one is answered as if there were no such idea.
 */
receipt: Receipt, };

export type Followed = { 
/**
 * In the order in which they were asked for.
 */
ideas: Array<IdeaOutcome>, };

export type IdeaOutcome = { idea: IdeaId, 
/**
 * Where it is.
 */
place: Whereabouts, 
/**
 * Why it is hidden: the id of a reason.
 */
reason?: string, 
/**
 * The idea that it is combined with on its board.
 */
combined?: IdeaId, 
/**
 * Did its group send it to the plenary?
 */
promoted: boolean, 
/**
 * Where it stands on the list.
 */
listed?: Listed, };

export type Whereabouts = "unknown" | "held" | "waiting" | "shown" | "hidden" | "late";

export type Listed = { item: IdeaId, section: Section, 
/**
 * Above or below the line.
 */
status: Status, 
/**
 * The number that people see, in its section from 1.
 */
number: number, 
/**
 * Does the entry say it in other words than the idea had?
 */
reworded: boolean, 
/**
 * What the entry says.
 */
wording: string, };

export type Ending = { 
/**
 * How many took part, per group, in order.
 */
participation: Array<Participation>, 
/**
 * When it is deleted by itself, in milliseconds since 1970; while it is not closed: if nothing happens any more.
 */
purge_at?: number, 
/**
 * Its time is over, but by a clock that went so many milliseconds further than time did: people must decide.
 */
clock_ahead?: number, 
/**
 * The last export by staff.
 */
exported?: Exported, 
/**
 * Would an export say the same now?
 */
exported_all: boolean, };

export type Participation = { group: GroupId, name: string, 
/**
 * Participants who have a seat in it.
 */
seats: People, 
/**
 * Seats that shared an idea; at least so many, if the server was started again in between.
 */
wrote: People, 
/**
 * Seats that approve anything; absent while votes are hidden.
 */
voted?: People, };

export type Exported = { 
/**
 * The SHA-256 of what it said, as hex: of the JSON file in English.
 */
sha256: string, 
/**
 * The day of the export in UTC, for example `2027-03-15`.
 */
day: string, 
/**
 * The merge run that it told.
 */
run: number, };

export type Certificate = { 
/**
 * Random; tells nothing of the consultation.
 */
id: CertificateId, 
/**
 * The day, for example `2027-03-15`.
 */
day: string, 
/**
 * Who asked for it.
 */
by: PurgedBy, 
/**
 * What was deleted.
 */
deleted: Deleted, 
/**
 * The last export before it, if there was one.
 */
exported?: Exported, };

export type PurgedBy = "organizer" | "retention";

export type Deleted = { 
/**
 * Ideas that the consultation knew.
 */
ideas: number, 
/**
 * Texts in rows of their own.
 */
texts: number, 
/**
 * Records of the journal: decisions, and letters as they were typed.
 */
records: number, 
/**
 * Snapshots of boards and of the list.
 */
snapshots: number, 
/**
 * Ballots of groups, one of each seat that voted.
 */
ballots: number, 
/**
 * Seats and staff links.
 */
seats: number, 
/**
 * Keys that were destroyed.
 */
keys: number, 
/**
 * Files that had been uploaded.
 */
files: number, };

export type Field = "title" | "languages" | "objectives" | "outcomes" | "speakers" | "moderators" | "rapporteurs" | "agenda" | "materials" | "points" | "kinds" | "groups" | "settings" | "hide_reasons" | "help" | "safeguarding" | "public_url";

export type Wrong = "not-json" | "too-deep" | "version" | "unknown-field" | "twice" | "missing" | "not-text" | "not-local-text" | "not-number" | "not-bool" | "not-list" | "not-object" | "empty" | "too-long" | "letters" | "breaks" | "piled-marks" | "too-many" | "too-large" | "too-small" | "not-one-of" | "unknown-language" | "duplicated" | "not-a-link" | "link-or-file" | "not-an-id" | "not-a-sum" | "unknown-id";

export type FieldError = { 
/**
 * The line in the file, from 1; 0 when there is no file.
 */
line: number, 
/**
 * The character in the line, from 1; 0 when there is no file.
 */
column: number, 
/**
 * The field, for example `points[2].title.fr`; empty: the file as a whole.
 */
field: string, 
/**
 * What is wrong.
 */
wrong: Wrong, 
/**
 * The number that matters, if there is one: the most, the least.
 */
limit?: number, 
/**
 * The word that matters, if there is one: what was found, or what is allowed.
 */
word?: string, };

export type NewLink = { 
/**
 * Its seat, chosen by who makes it.
 */
seat: SeatId, 
/**
 * Its role; not participant.
 */
role: Role, 
/**
 * Its group, for moderators and rapporteurs.
 */
group?: GroupId, 
/**
 * The language into which it translates, for translators: a BCP 47 tag.
 */
lang?: string, 
/**
 * A place or function, for organizers.
 */
label?: string, 
/**
 * The SHA-256 of its token, as 64 hex digits: the token's characters, of which there must be at least 22.
 */
token: ReceiptHash, };

export type Preparation = { 
/**
 * The version of all of it: the `programme` of the pushed state.
 */
version: number, 
/**
 * Field → the version in which it was changed last; `amend` names it as its `base`.
 */
versions: { [key in Field]?: number }, 
/**
 * What the consultation is called.
 */
title: LocalText, 
/**
 * The discussion points.
 */
points: Array<Point>, 
/**
 * The groups, in order.
 */
groups: Array<PreparedGroup>, settings: Settings, 
/**
 * The address that phones reach this server at, if it is not the server's own.
 */
public_url: string | null, 
/**
 * Languages of the consultation, as BCP 47 tags; the first is the fallback. Empty: nobody declared any.
 */
languages: Array<string>, 
/**
 * What it is for.
 */
objectives: Array<LocalText>, 
/**
 * What should come of it.
 */
outcomes: Array<LocalText>, 
/**
 * People who present, in the order in which they are shown.
 */
speakers: Array<Speaker>, 
/**
 * Who moderates, as places or functions.
 */
moderators: Array<LocalText>, 
/**
 * Who reports back, as places or functions.
 */
rapporteurs: Array<LocalText>, 
/**
 * The agenda, in order.
 */
agenda: Array<AgendaEntry>, 
/**
 * What people can read.
 */
materials: Array<Material>, 
/**
 * Kinds of ideas that people choose from, with their words. Empty: all five, in the client's words.
 */
kinds: Array<KindWords>, 
/**
 * Reasons that a moderator hides an idea for. The server never hands out an empty list: it has a standard one.
 */
hide_reasons: Array<HideReason>, 
/**
 * Who can help, shown to somebody whose idea was reported as a danger.
 */
help: Array<HelpContact>, 
/**
 * Is there a safeguarding contact, whom reports of danger reach?
 */
safeguarding: boolean, };

export type PreparedGroup = { id: GroupId, name: string, };

export type Checklist = { 
/**
 * Empty: nothing is missing.
 */
missing: Array<Missing>, };

export type Missing = { "what": "address", 
/**
 * The public address, which only this machine reaches.
 */
url: string, } | { "what": "moderator", group: GroupId, } | { "what": "moderator-absent", group: GroupId, } | { "what": "rapporteur" } | { "what": "editor" } | { "what": "safeguarding" } | { "what": "safeguarding-absent" } | { "what": "help" } | { "what": "languages" } | { "what": "translation", field: Field, lang: string, } | { "what": "file", name: string, } | { "what": "materials" } | { "what": "agenda" } | { "what": "minutes", 
/**
 * Of the points.
 */
points: number, 
/**
 * Of the agenda.
 */
agenda: number, };

export type LinkInfo = { seat: SeatId, role: Role, 
/**
 * Its group, for moderators and rapporteurs.
 */
group: GroupId | null, 
/**
 * The language into which it translates, for translators.
 */
lang?: string, 
/**
 * A place or function that organizers wrote; empty: none.
 */
label: string, 
/**
 * Is it open on a device now?
 */
here: boolean, 
/**
 * Is it the asker's own?
 */
own: boolean, 
/**
 * Did it take the place of one that was handed on?
 */
instead?: boolean, 
/**
 * It is good for nothing any more, and why; absent: it is good.
 */
ended?: LinkEnded, };

export type LinkEnded = "handed-on" | "revoked";

export type Rehearse = { 
/**
 * How long the whole day takes, in seconds, from 10 to 600; absent: 90.
 */
seconds?: number, };

export type RehearsalView = { 
/**
 * The rehearsal that runs, or waits to be looked at; none: nothing is being rehearsed.
 */
rehearsal: Rehearsal | null, };

export type Rehearsal = { 
/**
 * The twin with its links, to watch it on the ordinary screens. They are good until it is deleted.
 */
twin: Created, 
/**
 * How far it is.
 */
progress: Progress, 
/**
 * Has the day been played to its end?
 */
done: boolean, 
/**
 * What went wrong, if it did: the reason for which it ended early, or the last refusal of a phone.
 */
problem?: Problem, 
/**
 * When the twin is deleted by itself, in milliseconds since 1970; absent: it is still being played.
 */
deleted_at?: number, };

export type Progress = { 
/**
 * Where the twin stands.
 */
phase: Phase, 
/**
 * Simulated phones that came in.
 */
phones: number, 
/**
 * Ideas that they shared.
 */
ideas: number, 
/**
 * Votes that they gave.
 */
votes: number, 
/**
 * Entries of the list.
 */
listed: number, 
/**
 * What phones did and the server refused; anything but 0 deserves a look.
 */
refused: number, };

export type ProgrammeView = { 
/**
 * The version of everything prepared: the `programme` of the pushed state.
 */
version: number, 
/**
 * Languages of the consultation, as BCP 47 tags; the first is the fallback. Empty: nobody declared any.
 */
languages: Array<string>, 
/**
 * What it is for.
 */
objectives: Array<LocalText>, 
/**
 * What should come of it.
 */
outcomes: Array<LocalText>, 
/**
 * People who present, in the order in which they are shown.
 */
speakers: Array<Speaker>, 
/**
 * Who moderates, as places or functions.
 */
moderators: Array<LocalText>, 
/**
 * Who reports back, as places or functions.
 */
rapporteurs: Array<LocalText>, 
/**
 * The agenda, in order.
 */
agenda: Array<AgendaEntry>, 
/**
 * What people can read.
 */
materials: Array<Material>, 
/**
 * Kinds of ideas that people choose from, with their words. Empty: all five, in the client's words.
 */
kinds: Array<KindWords>, 
/**
 * Reasons that a moderator hides an idea for. The server never hands out an empty list: it has a standard one.
 */
hide_reasons: Array<HideReason>, 
/**
 * Who can help, shown to somebody whose idea was reported as a danger.
 */
help: Array<HelpContact>, 
/**
 * Is there a safeguarding contact, whom reports of danger reach?
 */
safeguarding: boolean, };

export type Programme = { 
/**
 * Languages of the consultation, as BCP 47 tags; the first is the fallback. Empty: nobody declared any.
 */
languages: Array<string>, 
/**
 * What it is for.
 */
objectives: Array<LocalText>, 
/**
 * What should come of it.
 */
outcomes: Array<LocalText>, 
/**
 * People who present, in the order in which they are shown.
 */
speakers: Array<Speaker>, 
/**
 * Who moderates, as places or functions.
 */
moderators: Array<LocalText>, 
/**
 * Who reports back, as places or functions.
 */
rapporteurs: Array<LocalText>, 
/**
 * The agenda, in order.
 */
agenda: Array<AgendaEntry>, 
/**
 * What people can read.
 */
materials: Array<Material>, 
/**
 * Kinds of ideas that people choose from, with their words. Empty: all five, in the client's words.
 */
kinds: Array<KindWords>, 
/**
 * Reasons that a moderator hides an idea for. The server never hands out an empty list: it has a standard one.
 */
hide_reasons: Array<HideReason>, 
/**
 * Who can help, shown to somebody whose idea was reported as a danger.
 */
help: Array<HelpContact>, 
/**
 * Is there a safeguarding contact, whom reports of danger reach?
 */
safeguarding: boolean, };

export type Speaker = { 
/**
 * A name, a place or a function.
 */
name: LocalText, 
/**
 * What about, or from where.
 */
about?: LocalText, };

export type AgendaEntry = { 
/**
 * What happens then, in one line.
 */
title: LocalText, 
/**
 * Its length in minutes.
 */
minutes: number, 
/**
 * The phase in which it happens.
 */
phase: Phase, };

export type Reading = "pre-reading" | "briefing";

export type Material = { id: MaterialId, 
/**
 * What it is called.
 */
title: LocalText, 
/**
 * BCP 47 tag of the language that it is written in; empty: not said.
 */
lang: string, 
/**
 * When it is to be read.
 */
reading: Reading, } & ({ "link": string } | { "file": MaterialFile });

export type MaterialSource = { "link": string } | { "file": MaterialFile };

export type MaterialFile = { 
/**
 * The name under which it is saved.
 */
name: string, 
/**
 * What was uploaded, as far as it is known.
 */
content?: FileContent, 
/**
 * Is it here? `false`: somebody still has to upload it.
 */
stored: boolean, };

export type FileContent = { 
/**
 * Size of the file in bytes.
 */
bytes: number, 
/**
 * Its SHA-256, as 64 hex digits.
 */
sha256: string, };

export type KindWords = { kind: Kind, 
/**
 * What it is called.
 */
name: LocalText, };

export type HideReason = { 
/**
 * By which commands and the ledger name it: small letters, digits and hyphens.
 */
id: string, 
/**
 * What its author and everybody else is told.
 */
text: LocalText, };

export type HelpContact = { 
/**
 * Who: an office, a helpline, a person at the door.
 */
name: LocalText, 
/**
 * How to reach them: a number, a place, an address.
 */
reach: LocalText, };

export type Section = "challenges" | "recommendations" | "partnerships" | "ideas";

export type Places = number | { [key in Section]?: number };

export type Rule = "phragmen" | "equal-shares" | "votes";

export type Weights = "sqrt" | "person" | "group";

export type Status = "listed" | "below";

export type PlenaryView = { consultation: ConsultationId, 
/**
 * The document's epoch.
 */
epoch: Epoch, 
/**
 * Number of the merge run; 0: none yet.
 */
run: number, 
/**
 * Hash of the run's input.
 */
sha256: string | null, 
/**
 * The number of the newest version, once there is one (rule C37).
 */
version?: number, 
/**
 * When it was made, in milliseconds since 1970.
 */
version_at?: number, 
/**
 * Its hash.
 */
version_sha256?: string, 
/**
 * Is this something else than that version: the draft of the next one?
 */
draft?: boolean, 
/**
 * Does the list stand still?
 */
frozen?: boolean, 
/**
 * Is anybody under-represented? Absent before the first run, and while the vote is hidden.
 */
audit?: Representation, 
/**
 * The statement's parts.
 */
statement: Statement, 
/**
 * All items: by section, listed before below, by number.
 */
items: Array<PlenaryItem>, };

export type Representation = { 
/**
 * By heads and by the votes that the list is made of: is nobody owed more than they have, and have about as many people
 * something on the list as could have?
 */
represented: boolean, 
/**
 * Where one is: a finding, not an error.
 */
shortfalls: Array<Shortfall>, 
/**
 * Groups that promoted nothing, and came in with their ideas that have the most votes.
 */
promoted_nothing: Array<GroupId>, 
/**
 * How many people have something on the list, section by section.
 */
coverage: Array<Coverage>, 
/**
 * Listed items whose place a single vote decides; none where not every such vote could be tried.
 */
close: Array<IdeaId>, 
/**
 * Groups with ideas, none of which is on the list.
 */
groups_without: Array<GroupId>, };

export type Coverage = { section: Section, 
/**
 * People who approve an entry of the section.
 */
voters: People, 
/**
 * Those of them who approve a listed one.
 */
covered: People, 
/**
 * Is that at least nine tenths of what a list of the same length could reach?
 */
enough: boolean, };

export type Because = { 
/**
 * Of a listed item: people who approve it and nothing else on the list.
 */
alone?: number, 
/**
 * Of a listed item: do more people approve it than any item below the line?
 */
most?: boolean, 
/**
 * Of a listed item: with so many fewer people it would lose its place, those with nothing else on the list taken first.
 */
margin?: number, 
/**
 * Of an item below the line: people who approve it and one of the entries in `served_by`.
 */
served?: number, 
/**
 * The numbers of at most three listed items that many who approve this one approve.
 */
served_by?: Array<number>, };

export type Shortfall = { item: IdeaId, section: Section, 
/**
 * The places that their number is worth.
 */
places: number, 
/**
 * How many they are.
 */
people: People, 
/**
 * How many of each group.
 */
by_group: { [key in GroupId]: People }, };

export type People = number | Few;

export type Few = "some";

export type Statement = { 
/**
 * What is read before the list.
 */
opening: string, 
/**
 * Read before the list.
 */
summary: string, 
/**
 * What is read after the list.
 */
closing: string, };

export type Responses = { 
/**
 * How many object to it, those included whose words were deleted.
 */
object: number, 
/**
 * Why they object, in an order that does not tell who; a bounded number of them.
 */
lines: Array<ObjectionLine>, };

export type PlenaryVoteHeld = "auto" | "on" | "off";

export type PaperScope = "recommendations" | "all";

export type WorkingLanguage = "first" | "ar" | "en" | "es" | "fr" | "ru" | "zh";

export type PlenaryVoteStage = "waiting" | "open" | "closed";

export type PlenaryVoteState = { 
/**
 * How far it is.
 */
stage: PlenaryVoteStage, 
/**
 * The ballot paper, in the order of the list; empty before it is opened. Entries whose idea is hidden are not on it.
 */
paper: Array<PaperEntryState>, 
/**
 * Seats that may vote.
 */
voters: number, 
/**
 * How many of them said anything of an entry.
 */
voted: number, 
/**
 * Seats that came after the plenary had begun, and may not vote.
 */
late: number, 
/**
 * Groups that are not on the paper because they had not closed their own vote when it was made, and still have not.
 */
working: Array<GroupId>, 
/**
 * Those of them that have closed their vote by now: an organizer may add them.
 */
ready: Array<GroupId>, 
/**
 * Groups that sent something to the plenary and have no entry on the paper.
 */
without_entry: number, };

export type PaperEntryState = { 
/**
 * The entry of the list.
 */
item: IdeaId, section: Section, 
/**
 * The groups that its ideas come from.
 */
groups: Array<GroupId>, 
/**
 * Seats that approve it; absent until the vote is closed.
 */
approvals?: People, };

export type OwnPlenaryVote = { 
/**
 * May it vote? Not if it came after the plenary had begun and was not let in.
 */
may_vote: boolean, 
/**
 * Did it say anything of an entry?
 */
voted: boolean, 
/**
 * The entries that it approves.
 */
approved: Array<IdeaId>, };

export type ObjectionLine = { 
/**
 * Its id, drawn by lot.
 */
id: ObjectionId, text: string, };

export type OwnResponse = { "response": "object", 
/**
 * Why; absent: the words were deleted by staff.
 */
line?: string, };

export type PlenaryItem = { 
/**
 * Its id: made of the id of its first anchor and the section. Items of old lists have the id of that idea itself.
 */
id: IdeaId, 
/**
 * What people made of it; empty: show `text`.
 */
wording: string, 
/**
 * A note beside it, for everybody.
 */
note: string, 
/**
 * What it said when everybody began to vote on it; absent: nobody did.
 */
voted?: string, 
/**
 * The responses to it; absent: nobody responded.
 */
responses?: Responses, 
/**
 * Its part of the list.
 */
section: Section, 
/**
 * The discussion points of its sources.
 */
points: Array<PointId>, 
/**
 * Place in its section by the rule, from 1.
 */
rank: number, 
/**
 * The number that people see and quote, in its section from 1: among the entries that have a place, and below the line, more
 * people come first.
 */
number: number, 
/**
 * The load at which its supporters bought it; `null`: no votes, or not shown while the vote is hidden.
 */
t: number | null, 
/**
 * Listed or below.
 */
status: Status, 
/**
 * Who supports it; `null` while the vote is hidden.
 */
support: Support | null, 
/**
 * What each group paid for its place; sums to 1.
 */
paid_by_group: { [key in GroupId]: number }, 
/**
 * Its place by plain count.
 */
rank_by_votes: number, 
/**
 * Why it is where it is; empty while the vote is hidden.
 */
because: Because, 
/**
 * The idea whose words it has.
 */
anchor: IdeaId, 
/**
 * The anchor's words.
 */
text: string, 
/**
 * The anchor's language.
 */
lang: string, 
/**
 * Language → the anchor's words in that language (rule C36).
 */
translations: { [key in string]: Translation }, 
/**
 * The ideas it came from, the anchor first: the first of them, if there are very many (rule B9).
 */
sources: Array<Source>, 
/**
 * How many more there are.
 */
more: number, 
/**
 * `heard`, `shared-concern`, `no-votes`, `best-by-tally`, `pinned`; `orphan`: its ideas are elsewhere by now.
 */
tags: Array<string>, };

export type ItemFacts = { 
/**
 * Its part of the list.
 */
section: Section, 
/**
 * The discussion points of its sources.
 */
points: Array<PointId>, 
/**
 * Place in its section by the rule, from 1.
 */
rank: number, 
/**
 * The number that people see and quote, in its section from 1: among the entries that have a place, and below the line, more
 * people come first.
 */
number: number, 
/**
 * The load at which its supporters bought it; `null`: no votes, or not shown while the vote is hidden.
 */
t: number | null, 
/**
 * Listed or below.
 */
status: Status, 
/**
 * Who supports it; `null` while the vote is hidden.
 */
support: Support | null, 
/**
 * What each group paid for its place; sums to 1.
 */
paid_by_group: { [key in GroupId]: number }, 
/**
 * Its place by plain count.
 */
rank_by_votes: number, 
/**
 * Why it is where it is; empty while the vote is hidden.
 */
because: Because, 
/**
 * The idea whose words it has.
 */
anchor: IdeaId, 
/**
 * The anchor's words.
 */
text: string, 
/**
 * The anchor's language.
 */
lang: string, 
/**
 * Language → the anchor's words in that language (rule C36).
 */
translations: { [key in string]: Translation }, 
/**
 * The ideas it came from, the anchor first: the first of them, if there are very many (rule B9).
 */
sources: Array<Source>, 
/**
 * How many more there are.
 */
more: number, 
/**
 * `heard`, `shared-concern`, `no-votes`, `best-by-tally`, `pinned`; `orphan`: its ideas are elsewhere by now.
 */
tags: Array<string>, };

export type Support = { 
/**
 * Seats that approve at least one of its sources.
 */
seats: number, 
/**
 * Groups they belong to.
 */
groups: number, 
/**
 * Seats per group.
 */
by_group: { [key in GroupId]: number }, };

export type Source = { idea: IdeaId, group: GroupId, 
/**
 * Its words when the run was made.
 */
text: string, 
/**
 * BCP 47 tag of its words, or empty when it is not known.
 */
lang: string, 
/**
 * Its tally; `null` while the vote is hidden.
 */
votes: number | null, 
/**
 * How it came to this item: `anchor`, `identical`, `assigned`, `combined`; `similar` in lists that an older version made.
 */
via: string, };

export type Curation = { 
/**
 * The run that the list shows.
 */
run: number, 
/**
 * Do changes come into the list by themselves?
 */
live: boolean, 
/**
 * The list is frozen, and a run over the present ideas and votes would change this much of it.
 */
waiting: Waiting | null, 
/**
 * Pairs that may be the same, the most similar first; a bounded number of them.
 */
suggestions: Array<Suggestion>, 
/**
 * Unpromoted ideas with more votes than a promoted one of their group; none while the vote is hidden.
 */
passed_over: Array<PassedOver>, 
/**
 * Items that staff keep off the list → the idea whose words each has.
 */
kept_off?: { [key in IdeaId]: IdeaId }, 
/**
 * Ideas whose words could not be compared: each is an entry of its own, and a person looks whether it is the same as another.
 */
unread?: Array<IdeaId>, 
/**
 * The words of every idea that is named here and that the reader may read.
 */
ideas: { [key in IdeaId]: NamedIdea }, 
/**
 * What people decided about the list.
 */
decisions: ListDecisions, };

export type Waiting = { 
/**
 * Items that would come onto the list.
 */
new: number, 
/**
 * Items that would change their order on it.
 */
moved: number, 
/**
 * Items that would leave it.
 */
gone: number, };

export type Suggestion = { 
/**
 * The one with the smaller id.
 */
a: IdeaId, 
/**
 * The one with the larger id.
 */
b: IdeaId, 
/**
 * How similar, from 0 to 1.
 */
score: number, 
/**
 * The words they share; empty when only their meaning is alike.
 */
shared: Array<string>, 
/**
 * What speaks against it.
 */
mark?: PairMark | null, };

export type PairMark = "negation" | "number" | "says-more";

export type PassedOver = { 
/**
 * The unpromoted idea.
 */
idea: IdeaId, group: GroupId, 
/**
 * People who approve it.
 */
votes: number, 
/**
 * The promoted idea of the group with the fewest votes.
 */
than: IdeaId, 
/**
 * That one's votes.
 */
than_votes: number, };

export type NamedIdea = { group: GroupId, 
/**
 * Its words when the run was made.
 */
text: string, 
/**
 * BCP 47 tag, or empty.
 */
lang: string, 
/**
 * The item it is in; `null`: none, or one that is kept off the list.
 */
item: IdeaId | null, };

export type ListDecisions = { 
/**
 * Idea → the item that somebody put it in.
 */
assign: { [key in IdeaId]: IdeaId }, 
/**
 * Pairs that are not the same.
 */
not_duplicate: Array<[IdeaId, IdeaId]>, 
/**
 * Items that come first, in order.
 */
pins: Array<IdeaId>, 
/**
 * Items that are kept off the list.
 */
exclude: Array<IdeaId>, 
/**
 * The cut; `null`: the default.
 */
k: Places | null, 
/**
 * How the list is ranked.
 */
rule: Rule, 
/**
 * What one approval of a small and of a large group weighs.
 */
weights: Weights, 
/**
 * Does the list stand still?
 */
frozen: boolean, 
/**
 * How often it was frozen: the number that a speaker quotes.
 */
version: number, };

export type AdoptionState = { 
/**
 * The version that is adopted.
 */
version: number, 
/**
 * May people say something now?
 */
open: boolean, 
/**
 * Seats that may: those that may vote in the plenary.
 */
voters: number, 
/**
 * Seats that stand by it; absent while it is open. Neither it nor what is left of the voters is told as a number under five.
 */
adopted?: People, };

export type OwnAdoption = { 
/**
 * May it say something? Not if it came after the plenary had begun and was not let in.
 */
may_adopt: boolean, 
/**
 * Does it stand by the version?
 */
adopts: boolean, };

export type VersionReason = "plenary-vote" | "frozen";

export type Versions = { 
/**
 * All of them.
 */
versions: Array<VersionInfo>, };

export type VersionInfo = { 
/**
 * The number by which it is quoted.
 */
number: number, 
/**
 * When it was made, in milliseconds since 1970.
 */
made_at: number, 
/**
 * Why it was made.
 */
reason: VersionReason, 
/**
 * Its hash; see [`Version::sha256`].
 */
sha256: string, 
/**
 * Entries that have a place on the list.
 */
listed: number, 
/**
 * Deletions of words since it was made, the oldest first.
 */
erased?: Array<Erased>, };

export type Erased = { 
/**
 * The day in UTC, for example `2027-03-15`.
 */
day: string, 
/**
 * Texts of the version that lost words.
 */
texts: number, 
/**
 * The hash that the version had before.
 */
sha256: string, };

export type Version = { 
/**
 * [`SCHEMA`].
 */
$schema: string, 
/**
 * What the hash is taken over.
 */
content: VersionContent, 
/**
 * SHA-256 of the canonical JSON of `content`, as 64 hex digits ([`canonical_json`]).
 */
sha256: string, 
/**
 * Deletions of words since it was made, the oldest first.
 */
erased?: Array<Erased>, 
/**
 * Texts that are left out of this answer because staff hide them at the moment. They are part of the version, so the hash of
 * what is left is another one.
 */
withheld?: number, };

export type VersionContent = { consultation: ConsultationId, number: number, 
/**
 * When it was made, in milliseconds since 1970.
 */
made_at: number, reason: VersionReason, 
/**
 * The consultation's title.
 */
title: LocalText, 
/**
 * The run that the list comes from.
 */
run: VersionRun, statement: Statement, 
/**
 * By section, listed before below, by number.
 */
entries: Array<VersionEntry>, };

export type VersionRun = { 
/**
 * Its number.
 */
number: number, 
/**
 * The hash of its input; `null` once words of it were deleted.
 */
sha256: string | null, rule: Rule, weights: Weights, 
/**
 * Places per section; `null`: the default.
 */
k: Places | null, 
/**
 * Entries that staff put first, in order.
 */
pins: Array<IdeaId>, 
/**
 * Entries that staff keep off the list.
 */
kept_off: number, };

export type VersionEntry = { id: IdeaId, section: Section, status: Status, 
/**
 * By which it is quoted, in its section.
 */
number: number, 
/**
 * Its place by the rule.
 */
rank: number, 
/**
 * Its place by plain count; 0 while votes are hidden.
 */
rank_by_votes: number, 
/**
 * What it says: people's wording, else the words of its anchor.
 */
text: string, 
/**
 * BCP 47 tag of the anchor's words; empty where people worded it, or when it is not known.
 */
lang: string, 
/**
 * The same in other languages, by BCP 47 tag.
 */
tr: { [key in string]: string }, 
/**
 * The languages in which a machine translated it.
 */
machine?: Array<string>, 
/**
 * The public note beside it.
 */
note: string, 
/**
 * What it said when everybody voted on it, if that was something else.
 */
voted?: string, points: Array<PointId>, 
/**
 * `null` while votes are hidden.
 */
support: Support | null, because: Because, 
/**
 * The ideas that it came from, the anchor first.
 */
sources: Array<Source>, 
/**
 * How many more there are.
 */
more: number, tags: Array<string>, };

export type ServerMessage = { "type": "welcome", 
/**
 * The number of the protocol that the server speaks, [`crate::PROTOCOL`].
 */
protocol: number, } | { "type": "state", 
/**
 * All of it.
 */
state: ConsultationState, } | { "type": "you", 
/**
 * All of it.
 */
you: You, } | { "type": "curation", 
/**
 * All of it.
 */
curation: Curation, } | { "type": "desk", 
/**
 * All of it.
 */
desk: Desk, } | { "type": "fates", group: GroupId, } | { "type": "purged", consultation: ConsultationId, } | { "type": "alerts" } & Alerts | { "type": "answer" } & Answer | { "type": "problem", 
/**
 * The command; `null` when its id could not be read.
 */
id: CommandId | null, 
/**
 * Why it was refused.
 */
problem: Problem, } | { "type": "refused", 
/**
 * The document, as the client named it.
 */
document: string, 
/**
 * Why it was refused.
 */
problem: Problem, };
