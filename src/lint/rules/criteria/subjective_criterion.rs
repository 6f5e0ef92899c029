//! `subjective-criterion`: a criterion that rests on somebody's opinion.

use crate::diag::{Diagnostic, Level};
use crate::lint::{Check, Context, Family, Rule};
use crate::model::{Criterion, Expr, ExprKind, Process, Text, Value};

pub(crate) static RULE: Rule = Rule {
    name: "subjective-criterion",
    family: Family::Criteria,
    summary: "a criterion that rests on an opinion, with nothing behind it that can be seen",
    level: Level::Note,
    page: include_str!("../../../../docs/rules/subjective-criterion.md"),
    check: Check::Process(check),
};

/// Words that own up to an opinion, whoever says them. Phrases of whole words.
const HEDGES: &[&str] = &[
    "seem",
    "seems",
    "feel",
    "feels",
    "appears to",
    "appear to",
    "probably",
    "likely",
    "looks good",
    "looks promising",
    "we believe",
    "we think",
    "we feel",
    "we assume",
    "gut feeling",
    "good feeling",
    "in our opinion",
    "promising",
    "good vibes",
];

/// Words that judge a person or a chance. What somebody has done can stand behind them.
const JUDGEMENTS: &[&str] = &[
    "interested",
    "real interest",
    "genuine interest",
    "strong interest",
    "good fit",
    "great fit",
    "strong fit",
    "right fit",
    "a fit",
    "fits well",
    "is qualified",
    "are qualified",
    "well qualified",
    "fully qualified",
    "qualified lead",
    "qualified prospect",
    "qualified opportunity",
    "ready to buy",
    "ready to move",
    "ready to decide",
    "ready for sales",
    "sales ready",
    "customer is ready",
    "buyer is ready",
    "lead is ready",
    "prospect is ready",
    "client is ready",
    "they are ready",
    "strong champion",
    "strong need",
    "strong relationship",
    "strong case",
    "is strong",
    "are strong",
    "good relationship",
    "good chance",
    "good chances",
    "high potential",
    "is serious",
    "are serious",
    "serious interest",
    "serious buyer",
    "is motivated",
    "are motivated",
    "highly motivated",
    "is engaged",
    "are engaged",
    "highly engaged",
    "is committed",
    "are committed",
    "is convinced",
    "are convinced",
    "is confident",
    "are confident",
    "confident that",
    "enthusiastic",
    "excited",
    "keen",
    "is happy",
    "are happy",
    "is warm",
    "is hot",
    "is positive",
    "are positive",
    "is comfortable",
    "are comfortable",
    "on board",
    "makes sense",
    "worth pursuing",
    "likes us",
    "trusts us",
    "trust us",
    "has rapport",
    "good rapport",
];

/// Titles that are nothing but a judgement.
const WHOLE: &[&str] = &[
    "qualified",
    "ready",
    "strong",
    "good",
    "warm",
    "hot",
    "serious",
    "fit",
    "committed",
    "engaged",
    "convinced",
    "confident",
    "motivated",
    "interest",
    "rapport",
    "buy in",
];

/// What somebody did: whoever names an act can be asked when it happened.
const ACTS: &[&str] = &[
    "said",
    "says",
    "told",
    "tells",
    "wrote",
    "written",
    "writing",
    "signed",
    "named",
    "introduced",
    "agreed",
    "accepted",
    "confirmed",
    "approved",
    "cleared",
    "asked",
    "requested",
    "showed",
    "shown",
    "booked",
    "scheduled",
    "sent",
    "shared",
    "paid",
    "joined",
    "attended",
    "took part",
    "replied",
    "answered",
    "called",
    "met",
    "visited",
    "invited",
    "stated",
    "ordered",
    "tested",
    "tried",
    "downloaded",
    "filled in",
    "submitted",
    "presented",
    "reviewed",
    "decided",
    "chose",
    "chosen",
    "selected",
    "promised",
    "declared",
    "documented",
    "listed",
    "mentioned",
    "expressed",
    "contacted",
    "reached out",
    "responded",
    "signed off",
    "explained",
    "described",
    "voted",
    "committed to",
    "informed",
    "gave",
    "given",
    "score",
    "scored",
    "rated",
];

/// The same in languages without spaces between words, or with endings: pieces of text.
const HEDGE_PIECES: &[&str] = &[
    // Korean
    "것 같",
    "듯하",
    "듯함",
    "느낌",
    "보인다",
    "보임",
    "추정",
    "아마",
    // Japanese
    "そうだ",
    "ようだ",
    "と思う",
    "と思われ",
    "感触",
    "気がする",
    "おそらく",
    "たぶん",
    "らしい",
];
const JUDGEMENT_PIECES: &[&str] = &[
    // Korean
    "관심이 있",
    "관심 있",
    "관심이 많",
    "관심이 높",
    "관심도가 높",
    "적합한 고객",
    "적합하다",
    "잘 맞",
    "유망",
    "가능성이 높",
    "가능성이 크",
    "우호적",
    "긍정적",
    "호의적",
    "적극적",
    "진지",
    "의지가 강",
    "의지가 있",
    "준비되어",
    "준비가 되",
    "강력한 챔피언",
    "신뢰 관계",
    "관계가 좋",
    "구매 의사가 있",
    // Japanese
    "関心がある",
    "関心が高い",
    "興味がある",
    "興味を持って",
    "相性がよい",
    "相性が良い",
    "有望",
    "見込みが高い",
    "見込みがある",
    "前向き",
    "熱意",
    "本気",
    "意欲がある",
    "意欲が高い",
    "好意的",
    "積極的",
    "準備ができ",
    "準備が整",
    "信頼関係",
    "関係が良",
    "関係がよ",
    "確度が高い",
    "強いチャンピオン",
];
const ACT_PIECES: &[&str] = &[
    // Korean
    "말했",
    "말로",
    "밝혔",
    "들었",
    "알려",
    "동의",
    "승인",
    "서명",
    "소개",
    "확인했",
    "보냈",
    "보내",
    "답했",
    "답변",
    "회신",
    "요청",
    "합의",
    "참석",
    "참여",
    "제출",
    "결정했",
    "약속",
    "신청",
    "문의",
    "방문",
    "잡았",
    "예약",
    "지불",
    "계약했",
    "서면",
    "공유",
    "작성했",
    "제시",
    "언급",
    "연락",
    "점",
    // Japanese
    "言った",
    "述べ",
    "聞いた",
    "話した",
    "答え",
    "回答",
    "返信",
    "同意",
    "承認",
    "署名",
    "紹介",
    "承諾",
    "合意",
    "送っ",
    "送付",
    "依頼",
    "参加",
    "出席",
    "連絡",
    "明言",
    "書面",
    "提出",
    "決定した",
    "約束",
    "申し込",
    "問い合わせ",
    "訪問",
    "予約",
    "支払",
    "共有",
    "設定した",
    "提示",
    "示した",
    "来社",
    "点",
];

fn check(context: &Context<'_>, findings: &mut Vec<Diagnostic>) {
    let process = context.process;
    for criterion in process.criteria.values() {
        if context.is_unfinished(criterion.stage) {
            continue;
        }
        let Some(mut texts) = words_behind(process, &criterion.condition) else { continue };
        texts.insert(0, &criterion.title);
        let of_the_buyer = criterion.evidence.as_deref() == Some("buyer");
        if let Some(word) = opinion(&texts, of_the_buyer) {
            findings.push(finding(criterion, &word));
        }
    }
}

fn finding(criterion: &Criterion, word: &str) -> Diagnostic {
    RULE.finding(
        criterion.title.span,
        format!("the criterion `{}` rests on an opinion: `{word}`", criterion.name),
    )
    .reason("two people can judge the same record differently")
    .label(criterion.condition.span, "a tick is all that is asked for")
    .help("name what can be seen: what the buyer said, sent, booked or signed; or a field with a value (`budget > 0`, `meeting_at is present`)")
}

/// The texts a condition shows to whoever ticks it, when ticks are all it asks for: confirmations
/// and booleans. `None` when it asks for anything that has a value.
fn words_behind<'a>(process: &'a Process, condition: &'a Expr) -> Option<Vec<&'a Text>> {
    let mut texts = Vec::new();
    let mut ticks_only = true;
    condition.walk(&mut |expr| match &expr.kind {
        ExprKind::And(_) | ExprKind::Or(_) | ExprKind::Not(_) | ExprKind::Compare(..) => {}
        ExprKind::Presence(..) | ExprKind::Value(Value::Boolean(_)) => {}
        ExprKind::Confirmed(id) => texts.push(&process.confirmations[*id].text),
        ExprKind::Field(field) => {
            let field = &process.fields[*field];
            ticks_only &= matches!(field.ty, crate::model::FieldType::Boolean);
            texts.push(&field.title);
        }
        _ => ticks_only = false,
    });
    (ticks_only && !texts.is_empty()).then_some(texts)
}

/// The word that gives the opinion away. What somebody did speaks for itself, and so does what the
/// buyer's word stands for; a hedge is an opinion all the same.
fn opinion(texts: &[&Text], of_the_buyer: bool) -> Option<String> {
    let all: Vec<String> = texts
        .iter()
        .flat_map(|text| {
            std::iter::once(&text.value).chain(text.translations.iter().map(|(_, text)| text))
        })
        .map(|text| words(text))
        .collect();
    let find = |phrases: &[&str], pieces: &[&str]| {
        all.iter().find_map(|text| {
            let spoken = phrases.iter().find(|phrase| text.contains(&format!(" {phrase} ")));
            let piece = || pieces.iter().find(|piece| text.contains(**piece));
            spoken.or_else(piece).map(|found| (*found).to_owned())
        })
    };
    if let Some(hedge) = find(HEDGES, HEDGE_PIECES) {
        return Some(hedge);
    }
    if of_the_buyer || find(ACTS, ACT_PIECES).is_some() {
        return None;
    }
    let whole = || all.iter().map(|text| text.trim()).find(|text| WHOLE.contains(text));
    find(JUDGEMENTS, JUDGEMENT_PIECES).or_else(|| whole().map(str::to_owned))
}

/// The words of a text in lower case, each between single spaces.
fn words(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::opinion;
    use crate::model::Text;
    use crate::source::{FileId, Span};

    fn says(text: &str) -> Option<String> {
        let mut title = Text::from_name("x", Span::start_of(FileId(0)));
        title.value = text.to_owned();
        opinion(&[&title], false)
    }

    #[test]
    fn opinions() {
        for text in [
            "Good fit",
            "The customer is a good fit",
            "They seem interested",
            "Strong champion",
            "Qualified",
            "The buyer is likely to sign",
            "It feels right",
            "They are ready to buy",
            "Interested in a demo",
            "We believe they have a budget",
            "Looks promising",
            "관심이 있는 고객",
            "적합한 고객이다",
            "구매할 것 같다",
            "興味がある",
            "前向きである",
            "受注できそうだ",
        ] {
            assert!(says(text).is_some(), "{text}");
        }
    }

    #[test]
    fn facts_that_a_person_confirms() {
        for text in [
            "The champion introduced us to the economic buyer",
            "The champion will defend us internally",
            "The person who signs said yes to us, in person or in writing",
            "The discount buys something in return",
            "They told us they are interested",
            "The contract is ready",
            "The security review is passed",
            "Likelihood is recorded",
            "Budget is approved",
            "A pilot is running",
            "Legal has no open points",
            "품의가 승인되었다",
            "고객이 관심이 있다고 말했다",
            "챔피언이 결재자를 소개했다",
            "顧客が関心があると言った",
            "契約書に署名した",
        ] {
            assert_eq!(says(text), None, "{text}");
        }
    }
}
