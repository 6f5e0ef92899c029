//! What the diagram says in words: documentation, and the words that are not the process's own.

use crate::emit::sentence::{Sentences, primary_subtag};
use crate::model::{
    CriterionId, Expr, Origin, Outcome, Owner, Process, StageId, TransitionId, TransitionKind,
};

/// The words of a language.
pub(super) struct Words {
    pub(super) begin: &'static str,
    pub(super) which: &'static str,
    pub(super) next: &'static str,
    pub(super) not_yet: &'static str,
    /// Of the frame around a task.
    pub(super) enters: &'static str,
    pub(super) ready: &'static str,
    pub(super) yes: &'static str,
    pub(super) leaves: &'static str,
    pub(super) refused: &'static str,
    pub(super) arrives: &'static str,
    pub(super) end: &'static str,
    pub(super) nobody: &'static str,
    /// Before or behind a name.
    tell: (&'static str, &'static str),
    limit: &'static str,
    /// How the work has ended: the head, and won, lost, void. `import` reads them.
    outcome: (&'static str, [&'static str; 3]),
    owner: &'static str,
    support: &'static str,
    exit: &'static str,
    enter: &'static str,
    collect: &'static str,
    next_step: &'static str,
    handoff: &'static str,
    carries: &'static str,
    accepted: &'static str,
    at_most: (&'static str, &'static str),
    only: &'static str,
}

const ENGLISH: Words = Words {
    begin: "New record",
    which: "Where?",
    next: "Next?",
    not_yet: "Not yet",
    enters: "Comes in",
    ready: "Ready?",
    yes: "Yes",
    leaves: "Goes on",
    refused: "Refused",
    arrives: "Arrives",
    end: "End",
    nobody: "Nobody",
    tell: ("Tell ", ""),
    limit: "Limit",
    outcome: ("Outcome", ["won", "lost", "void"]),
    owner: "Owner",
    support: "Support",
    exit: "To leave",
    enter: "To enter",
    collect: "To fill in",
    next_step: "Next step",
    handoff: "Handoff",
    carries: "Carries",
    accepted: "Accepted",
    at_most: ("At most ", " times"),
    only: "only",
};

const KOREAN: Words = Words {
    begin: "새 레코드",
    which: "어디서?",
    next: "다음은?",
    not_yet: "아직",
    enters: "들어옴",
    ready: "준비됨?",
    yes: "예",
    leaves: "나감",
    refused: "거절",
    arrives: "도착",
    end: "끝",
    nobody: "담당 없음",
    tell: ("", "에게 알림"),
    limit: "기한",
    outcome: ("결과", ["성공", "실패", "무효"]),
    owner: "담당",
    support: "지원",
    exit: "나갈 조건",
    enter: "들어올 조건",
    collect: "입력할 항목",
    next_step: "다음 할 일",
    handoff: "인계",
    carries: "전달 항목",
    accepted: "수락",
    at_most: ("최대 ", "회"),
    only: "해당",
};

const JAPANESE: Words = Words {
    begin: "新規",
    which: "どこ？",
    next: "次は？",
    not_yet: "まだ",
    enters: "入る",
    ready: "準備完了？",
    yes: "はい",
    leaves: "出る",
    refused: "差し戻し",
    arrives: "到着",
    end: "終わり",
    nobody: "担当なし",
    tell: ("", "に知らせる"),
    limit: "期限",
    outcome: ("結果", ["成約", "失注", "無効"]),
    owner: "担当",
    support: "支援",
    exit: "出る条件",
    enter: "入る条件",
    collect: "入力する項目",
    next_step: "次の行動",
    handoff: "引き継ぎ",
    carries: "渡す項目",
    accepted: "受け入れ",
    at_most: ("最大", "回"),
    only: "対象",
};

pub(super) struct Tell<'a> {
    process: &'a Process,
    sentences: Sentences<'a>,
    pub(super) words: &'static Words,
}

impl<'a> Tell<'a> {
    pub(super) fn new(process: &'a Process, language: &'a str) -> Self {
        let words = match primary_subtag(language).to_ascii_lowercase().as_str() {
            "ko" => &KOREAN,
            "ja" => &JAPANESE,
            _ => &ENGLISH,
        };
        Self { process, sentences: Sentences::new(process, language), words }
    }

    fn title(&self, owner: Owner) -> &str {
        self.sentences.text(self.process.owner_name(owner).1)
    }

    /// Who hears of a limit that has passed.
    pub(super) fn escalation(&self, to: Option<Owner>) -> String {
        let (before, behind) = self.words.tell;
        match to {
            Some(to) => format!("{before}{}{behind}", self.title(to)),
            None => self.words.limit.to_owned(),
        }
    }

    /// What a stage says, a paragraph each.
    pub(super) fn stage(&self, id: StageId) -> Vec<String> {
        let stage = &self.process.stages[id];
        let words = self.words;
        let mut out = Vec::new();
        out.extend(stage.purpose.iter().map(|text| self.sentences.text(text).to_owned()));
        let line = |word: &str, text: &str| format!("{word}: {text}");
        out.extend(stage.outcome.map(|outcome| {
            let (head, [won, lost, void]) = words.outcome;
            line(
                head,
                match outcome {
                    Outcome::Won => won,
                    Outcome::Lost => lost,
                    Outcome::Void => void,
                },
            )
        }));
        out.extend(stage.next.iter().map(|t| line(words.next_step, self.sentences.text(t))));
        out.extend(stage.owner.map(|owner| line(words.owner, self.title(owner))));
        let support: Vec<String> =
            stage.support.iter().map(|owner| self.title(*owner).to_owned()).collect();
        if !support.is_empty() {
            out.push(line(words.support, &self.sentences.list(&support)));
        }
        let fields = stage.collect.iter();
        let fields: Vec<String> = fields
            .map(|field| self.sentences.text(&self.process.fields[field.value].title).to_owned())
            .collect();
        if !fields.is_empty() {
            out.push(line(words.collect, &self.sentences.list(&fields)));
        }
        out.extend(self.criteria(words.enter, &stage.enter));
        out.extend(self.criteria(words.exit, &stage.exit));
        out.extend(
            stage.limit.as_ref().map(|l| line(words.limit, &self.sentences.duration(l.duration))),
        );
        out
    }

    fn criteria(&self, word: &str, criteria: &[CriterionId]) -> Option<String> {
        if criteria.is_empty() {
            return None;
        }
        let mut out = format!("{word}:");
        for id in criteria {
            let criterion = &self.process.criteria[*id];
            out.push_str("\n- ");
            out.push_str(self.sentences.text(&criterion.title));
            if let Some(only) = &criterion.applies {
                out.push_str(&format!(" ({} {})", self.words.only, self.condition(only)));
            }
        }
        Some(out)
    }

    fn condition(&self, condition: &Expr) -> String {
        self.sentences.condition(condition)
    }

    /// What a move says, a paragraph each.
    pub(super) fn way(&self, id: TransitionId) -> Vec<String> {
        let transition = &self.process.transitions[id];
        let words = self.words;
        let mut out = Vec::new();
        if transition.kind == TransitionKind::Advance {
            let (from, to) =
                (&self.process.stages[transition.from], &self.process.stages[transition.to]);
            let all: Vec<CriterionId> = from.exit.iter().chain(&to.enter).copied().collect();
            out.extend(self.criteria(words.exit, &all));
        }
        // The terms of a refusal are said where it is handed over.
        if let (Some(when), Origin::Declared | Origin::AnyOpen) =
            (&transition.when, transition.origin)
        {
            out.push(self.sentences.sentence(when));
        }
        out.extend(transition.after.as_ref().map(|clock| self.sentences.clock(clock)));
        if let Some(most) = transition.at_most {
            out.push(format!("{}{most}{}", words.at_most.0, words.at_most.1));
        }
        if let Some(handoff) = &transition.handoff {
            let mut line = words.handoff.to_owned();
            if let Some(within) = handoff.within {
                line.push_str(&format!(": {}", self.sentences.within(within)));
            }
            out.push(line);
            let fields: Vec<String> = handoff
                .carries
                .iter()
                .map(|f| self.sentences.text(&self.process.fields[f.value].title).to_owned())
                .collect();
            if !fields.is_empty() {
                out.push(format!("{}: {}", words.carries, self.sentences.list(&fields)));
            }
            if let Some(accept) = &handoff.accept {
                out.push(format!("{}: {}", words.accepted, self.condition(&accept.when)));
            }
        }
        out
    }
}
