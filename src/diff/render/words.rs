//! The words in which changes are told to people, in each language: a table of parts and properties, and a few sentences.

use super::stories::{self, Stories};
use jiff::civil::Date;

use crate::diff::Kind;
use crate::emit::sentence::primary_subtag;

/// A change, ready to be said. Everything in it is escaped already.
pub(super) struct What {
    /// What kind of part it is, in the words of the language.
    pub(super) part: &'static str,
    pub(super) title: String,
    /// The stage it belongs to, if that is another.
    pub(super) stage: Option<String>,
    pub(super) aspect: Option<&'static str>,
    pub(super) kind: Kind,
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
    pub(super) of_list: bool,
}

/// A language in which changes are told.
pub(super) trait Words {
    /// "What changes for you"
    fn for_you(&self) -> &'static str;
    /// "What changes for you from Tuesday, 1 December 2026"
    fn for_you_from(&self, day: Date) -> String;
    fn everybody(&self) -> &'static str;
    fn more(&self, count: usize) -> String;
    fn takes_over(&self, stage: &str, from: Option<&str>) -> String;
    fn hands_over(&self, stage: &str, to: Option<&str>) -> String;
    /// That somebody supports a stage now, or no more.
    fn helps(&self, stage: &str, now: bool) -> String;
    /// The open stages of a record type, but for some.
    fn any_open(&self, record: &str, spared: &[&str]) -> String;
    /// What something that is gone may be called now.
    fn may_be(&self, now: &str) -> String;
    /// The part with its title: `the stage “Lead”`.
    fn named(&self, what: &What) -> String;
    /// What stands between the titles of two stages that a part belongs to, with their quotes.
    fn between(&self) -> &'static str;
    /// What became of a part, or of a property of one; of a property that is called by a word for
    /// several things, where that makes a difference.
    fn became(&self, kind: Kind, is_plural: bool) -> &'static str;
    /// A property of a part.
    fn of(&self, aspect: &str, named: &str) -> String;
    /// What a list has lost, and what it has gained.
    fn listed(&self, lost: Option<&str>, gained: Option<&str>) -> String;
    /// What stands between a statement and what it is about.
    fn colon(&self) -> &'static str;
    /// Where what was in something goes on that is no more.
    fn goes_on(&self, into: &str) -> String;
    /// What it was, when it is nothing now.
    fn was(&self, old: &str) -> String;
    /// How the stories of records are told.
    fn stories(&self) -> &'static dyn Stories;

    fn sentence(&self, what: &What) -> String {
        let named = self.named(what);
        let about = match what.aspect {
            Some("condition") | None => named,
            Some(aspect) => self.of(aspect, &named),
        };
        // What a list has lost and gained says by itself that it has changed.
        let told = match what.of_list {
            true => about,
            false => format!("{about}{}", self.became(what.kind, is_plural(what))),
        };
        let facts = match (&what.old, &what.new) {
            (None, None) => return told,
            // What is gone and may be something else now was nothing that could be told.
            (None, Some(new)) if what.kind == Kind::Removed && !what.of_list => self.may_be(new),
            (old, new) if what.of_list => self.listed(old.as_deref(), new.as_deref()),
            (Some(old), Some(new)) => format!("{old} → {new}"),
            (Some(old), None) => self.was(old),
            (None, Some(new)) if matches!(what.kind, Kind::Retired | Kind::Merged) => {
                self.goes_on(new)
            }
            (None, Some(new)) => new.clone(),
        };
        format!("{told}{}{facts}", self.colon())
    }
}

/// Whether English calls what a sentence is about by a word for several things.
fn is_plural(what: &What) -> bool {
    match what.aspect {
        None => what.part == "points",
        // A condition is told as the part that it is of.
        Some("condition") => false,
        Some(aspect) => PLURAL.contains(&aspect),
    }
}

/// Properties that English calls by a word for several things: see [`TABLE`].
const PLURAL: &[&str] = &[
    "support",
    "collect",
    "accept",
    "shared by",
    "to",
    "by",
    "for",
    "steps",
    "cases",
    "calendar",
    "except",
    "exceptions",
    "also",
    "see",
    "channels",
    "languages",
];

/// The words of a language by its tag; English for those not known.
pub(super) fn of(language: &str) -> &'static dyn Words {
    match primary_subtag(language).to_ascii_lowercase().as_str() {
        "ja" => &Japanese,
        "ko" => &Korean,
        _ => &English,
    }
}

/// `Tuesday, 1 December 2026`
pub(super) fn in_english(day: Date) -> String {
    day.strftime("%A, %-d %B %Y").to_string()
}

fn weekday(day: Date, names: [&'static str; 7]) -> &'static str {
    let at = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default();
    names.get(at).copied().unwrap_or_default()
}

/// A part or property: as the language calls it, in English, Japanese, Korean.
const TABLE: &[(&str, &str, &str, &str)] = &[
    ("process", "process", "プロセス", "프로세스"),
    ("team", "team", "チーム", "팀"),
    ("role", "role", "役割", "역할"),
    ("record", "record type", "レコード種別", "레코드 유형"),
    ("field", "field", "項目", "필드"),
    ("option", "option", "選択肢", "선택지"),
    ("stage", "stage", "ステージ", "단계"),
    ("exit criterion", "exit criterion", "完了条件", "완료 기준"),
    ("entry criterion", "entry criterion", "開始条件", "진입 기준"),
    ("move", "move", "移動", "이동"),
    ("confirmation", "confirmation", "確認事項", "확인 항목"),
    ("goal", "goal", "目標", "목표"),
    ("feedback", "feedback", "フィードバック", "피드백"),
    ("score", "score", "スコア", "점수"),
    ("grade", "grade", "評価ランク", "등급"),
    ("points", "points", "加点", "배점"),
    ("route", "assignment", "割り当て", "배정"),
    ("term", "term", "用語", "용어"),
    ("play", "play", "プレイ", "플레이"),
    ("title", "title", "名称", "이름"),
    ("owner", "owner", "担当", "담당"),
    ("support", "helpers", "支援者", "지원"),
    ("purpose", "purpose", "目的", "목적"),
    ("next", "next step", "次にすること", "다음 할 일"),
    ("collect", "fields to fill in", "入力項目", "입력 항목"),
    ("limit", "longest stay", "滞在期限", "체류 기한"),
    ("target", "target", "目標値", "목표값"),
    ("escalate", "escalation", "エスカレーション先", "에스컬레이션"),
    ("outcome", "outcome", "結果区分", "결과"),
    ("probability", "probability", "確度", "확률"),
    ("forecast", "forecast category", "予測区分", "예측 구분"),
    ("entry", "entry", "入口", "유입"),
    ("when", "condition", "条件", "조건"),
    ("after", "timer", "タイマー", "타이머"),
    ("at most", "upper bound", "上限", "상한"),
    ("times", "how often at most", "最大回数", "최대 횟수"),
    ("at least", "lower bound", "下限", "하한"),
    ("within", "time to take over", "引き継ぎ期限", "인계 기한"),
    ("carries", "what is handed over", "引き渡す内容", "인계 내용"),
    ("accept", "terms of acceptance", "受け入れ条件", "수락 조건"),
    ("else", "way of what is refused", "差し戻し先", "거절 시 이동"),
    ("evidence", "evidence", "根拠", "근거"),
    ("measure", "measure", "指標", "지표"),
    ("shared by", "teams that share it", "共有チーム", "공유 팀"),
    ("every", "rhythm", "頻度", "주기"),
    ("from", "origin", "元", "출처"),
    ("to", "recipients", "宛先", "대상"),
    ("by", "people", "実施者", "수행자"),
    ("for", "stages", "対象ステージ", "대상 단계"),
    ("steps", "steps", "手順", "절차"),
    ("means", "meaning", "意味", "의미"),
    ("mission", "mission", "使命", "사명"),
    ("headcount", "headcount", "人数", "인원"),
    ("type", "type", "型", "유형"),
    ("required", "duty to fill it in", "必須指定", "필수 지정"),
    ("unique", "uniqueness", "一意性", "고유성"),
    ("help", "hint", "ヒント", "도움말"),
    ("cases", "rules", "規則", "규칙"),
    ("calendar", "working hours", "営業時間", "근무 시간"),
    ("except", "holidays", "休日", "휴일"),
    ("exceptions", "exceptions", "対象外のステージ", "제외 단계"),
    ("currency", "currency", "通貨", "통화"),
    ("timezone", "time zone", "タイムゾーン", "시간대"),
    ("about", "description", "説明", "설명"),
    ("also", "synonyms", "同義語", "동의어"),
    ("see", "references", "関連語", "관련 용어"),
    ("channels", "channels", "チャネル", "채널"),
    ("content", "content", "コンテンツ", "콘텐츠"),
    ("expires", "expiry", "有効期限", "만료"),
    ("halves", "half-life", "半減期", "반감기"),
    ("final", "finality", "終了扱い", "종료 여부"),
    ("kind", "kind", "種類", "종류"),
    ("languages", "languages", "言語", "언어"),
    ("status", "status", "状態", "상태"),
    ("effective", "effective date", "施行日", "시행일"),
    ("version", "version", "バージョン", "버전"),
    ("why", "reason", "理由", "이유"),
    ("text", "wording", "文面", "문구"),
];

fn word(
    name: &str,
    column: impl Fn(&(&str, &'static str, &'static str, &'static str)) -> &'static str,
) -> Option<&'static str> {
    TABLE.iter().find(|row| row.0 == name).map(column)
}

struct English;

impl Words for English {
    fn stories(&self) -> &'static dyn Stories {
        &stories::English
    }
    fn for_you(&self) -> &'static str {
        "What changes for you"
    }
    fn for_you_from(&self, day: Date) -> String {
        format!("{} from {}", self.for_you(), in_english(day))
    }
    fn everybody(&self) -> &'static str {
        "Everybody"
    }
    fn more(&self, count: usize) -> String {
        format!("and {count} more")
    }
    fn takes_over(&self, stage: &str, from: Option<&str>) -> String {
        match from {
            Some(from) => format!("You take over the stage “{stage}” from {from}"),
            None => format!("You take over the stage “{stage}”"),
        }
    }
    fn hands_over(&self, stage: &str, to: Option<&str>) -> String {
        match to {
            Some(to) => format!("You hand the stage “{stage}” over to {to}"),
            None => format!("The stage “{stage}” is yours no more"),
        }
    }
    fn helps(&self, stage: &str, now: bool) -> String {
        match now {
            true => format!("You help in the stage “{stage}” now"),
            false => format!("You no longer help in the stage “{stage}”"),
        }
    }
    fn any_open(&self, record: &str, spared: &[&str]) -> String {
        match spared {
            [] => format!("any open stage of {record}"),
            _ => format!("any open stage of {record}, except {}", spared.join(", ")),
        }
    }
    fn may_be(&self, now: &str) -> String {
        format!("it may be what is called “{now}” now")
    }
    fn named(&self, what: &What) -> String {
        let part = word(what.part, |row| row.1).unwrap_or(what.part);
        match &what.stage {
            Some(stage) => format!("“{stage}”: the {part} “{}”", what.title),
            None => format!("The {part} “{}”", what.title),
        }
    }
    fn between(&self) -> &'static str {
        "”, “"
    }
    fn became(&self, kind: Kind, is_plural: bool) -> &'static str {
        if is_plural {
            return match kind {
                Kind::Added => " are new",
                Kind::Removed => " are gone",
                Kind::Retired => " are retired",
                Kind::Merged => " are part of others now",
                Kind::Tightened => " ask for more than before",
                Kind::Loosened => " ask for less than before",
                Kind::Shifted => " ask for something else than before",
                Kind::Shortened => " are shorter",
                Kind::Lengthened => " are longer",
                Kind::Raised => " are higher",
                Kind::Lowered => " are lower",
                Kind::Changed => " are different",
                Kind::Renamed => " have other names",
                Kind::Reworded => " are written differently, and mean the same",
                Kind::Unmatched => " name something that never was",
            };
        }
        match kind {
            Kind::Added => " is new",
            Kind::Removed => " is gone",
            Kind::Retired => " is retired",
            Kind::Merged => " is part of another now",
            Kind::Tightened => " asks for more than before",
            Kind::Loosened => " asks for less than before",
            Kind::Shifted => " asks for something else than before",
            Kind::Shortened => " is shorter",
            Kind::Lengthened => " is longer",
            Kind::Raised => " is higher",
            Kind::Lowered => " is lower",
            Kind::Changed => " is different",
            Kind::Renamed => " has another name",
            Kind::Reworded => " is written differently, and means the same",
            Kind::Unmatched => " names something that never was",
        }
    }
    fn of(&self, aspect: &str, named: &str) -> String {
        let aspect_word = word(aspect, |row| row.1);
        format!("{named}: {}", aspect_word.unwrap_or(aspect))
    }
    fn listed(&self, lost: Option<&str>, gained: Option<&str>) -> String {
        match (gained, lost) {
            (Some(gained), Some(lost)) => format!("{gained} added, {lost} left out"),
            (Some(gained), None) => format!("{gained} added"),
            (None, lost) => format!("{} left out", lost.unwrap_or_default()),
        }
    }
    fn colon(&self) -> &'static str {
        ": "
    }
    fn goes_on(&self, into: &str) -> String {
        format!("what was in it goes on as {into}")
    }
    fn was(&self, old: &str) -> String {
        format!("it was {old}")
    }
}

struct Japanese;

impl Words for Japanese {
    fn stories(&self) -> &'static dyn Stories {
        &stories::Japanese
    }
    fn for_you(&self) -> &'static str {
        "あなたの仕事で変わること"
    }
    fn for_you_from(&self, day: Date) -> String {
        let weekday = weekday(day, ["月", "火", "水", "木", "金", "土", "日"]);
        let (year, month, day) = (day.year(), day.month(), day.day());
        format!("{year}年{month}月{day}日({weekday})から{}", self.for_you())
    }
    fn everybody(&self) -> &'static str {
        "全員"
    }
    fn more(&self, count: usize) -> String {
        format!("ほか{count}件")
    }
    fn takes_over(&self, stage: &str, from: Option<&str>) -> String {
        match from {
            Some(from) => format!("ステージ「{stage}」を{from}から引き継ぎます"),
            None => format!("ステージ「{stage}」を担当します"),
        }
    }
    fn hands_over(&self, stage: &str, to: Option<&str>) -> String {
        match to {
            Some(to) => format!("ステージ「{stage}」を{to}に引き渡します"),
            None => format!("ステージ「{stage}」は担当から外れます"),
        }
    }
    fn helps(&self, stage: &str, now: bool) -> String {
        match now {
            true => format!("ステージ「{stage}」の支援に加わります"),
            false => format!("ステージ「{stage}」の支援から外れます"),
        }
    }
    fn any_open(&self, record: &str, spared: &[&str]) -> String {
        match spared {
            [] => format!("進行中のすべてのステージ（{record}）"),
            _ => format!("進行中のすべてのステージ（{record}、除く：{}）", spared.join("、")),
        }
    }
    fn may_be(&self, now: &str) -> String {
        format!("「{now}」に改称された可能性があります")
    }
    fn named(&self, what: &What) -> String {
        let part = word(what.part, |row| row.2).unwrap_or(what.part);
        match &what.stage {
            Some(stage) => format!("「{stage}」の{part}「{}」", what.title),
            None => format!("{part}「{}」", what.title),
        }
    }
    fn between(&self) -> &'static str {
        "」「"
    }
    fn became(&self, kind: Kind, _: bool) -> &'static str {
        match kind {
            Kind::Added => "が加わります",
            Kind::Removed => "がなくなります",
            Kind::Retired => "が廃止されます",
            Kind::Merged => "がほかに統合されます",
            Kind::Tightened => "が厳しくなります",
            Kind::Loosened => "が緩くなります",
            Kind::Shifted | Kind::Changed => "が変わります",
            Kind::Shortened => "が短くなります",
            Kind::Lengthened => "が長くなります",
            Kind::Raised => "が上がります",
            Kind::Lowered => "が下がります",
            Kind::Renamed => "の識別名が変わります",
            Kind::Reworded => "の書き方が変わりますが、意味は同じです",
            Kind::Unmatched => "が指す以前の名前は存在しません",
        }
    }
    fn of(&self, aspect: &str, named: &str) -> String {
        let aspect_word = word(aspect, |row| row.2);
        format!("{named}の{}", aspect_word.unwrap_or(aspect))
    }
    fn listed(&self, lost: Option<&str>, gained: Option<&str>) -> String {
        match (gained, lost) {
            (Some(gained), Some(lost)) => format!("{gained} を追加、{lost} を削除"),
            (Some(gained), None) => format!("{gained} を追加"),
            (None, lost) => format!("{} を削除", lost.unwrap_or_default()),
        }
    }
    fn colon(&self) -> &'static str {
        "："
    }
    fn goes_on(&self, into: &str) -> String {
        format!("「{into}」に移行")
    }
    fn was(&self, old: &str) -> String {
        format!("これまでは {old}")
    }
}

struct Korean;

impl Words for Korean {
    fn stories(&self) -> &'static dyn Stories {
        &stories::Korean
    }
    fn for_you(&self) -> &'static str {
        "내 업무에서 달라지는 점"
    }
    fn for_you_from(&self, day: Date) -> String {
        let weekday = weekday(day, ["월", "화", "수", "목", "금", "토", "일"]);
        let (year, month, day) = (day.year(), day.month(), day.day());
        format!("{year}년 {month}월 {day}일({weekday})부터 {}", self.for_you())
    }
    fn everybody(&self) -> &'static str {
        "모두"
    }
    fn more(&self, count: usize) -> String {
        format!("그 밖에 {count}건")
    }
    fn takes_over(&self, stage: &str, from: Option<&str>) -> String {
        match from {
            Some(from) => format!("‘{stage}’ 단계를 넘겨받습니다 (이전 담당: {from})"),
            None => format!("‘{stage}’ 단계를 맡습니다"),
        }
    }
    fn hands_over(&self, stage: &str, to: Option<&str>) -> String {
        match to {
            Some(to) => format!("‘{stage}’ 단계를 넘겨줍니다 (새 담당: {to})"),
            None => format!("‘{stage}’ 단계의 담당에서 빠집니다"),
        }
    }
    fn helps(&self, stage: &str, now: bool) -> String {
        match now {
            true => format!("‘{stage}’ 단계를 지원하게 됩니다"),
            false => format!("‘{stage}’ 단계의 지원에서 빠집니다"),
        }
    }
    fn any_open(&self, record: &str, spared: &[&str]) -> String {
        match spared {
            [] => format!("진행 중인 모든 단계({record})"),
            _ => format!("진행 중인 모든 단계({record}, 제외: {})", spared.join(", ")),
        }
    }
    fn may_be(&self, now: &str) -> String {
        format!("지금은 ‘{now}’일 수 있음")
    }
    fn named(&self, what: &What) -> String {
        let part = word(what.part, |row| row.3).unwrap_or(what.part);
        match &what.stage {
            Some(stage) => format!("‘{stage}’의 {part} ‘{}’", what.title),
            None => format!("{part} ‘{}’", what.title),
        }
    }
    fn between(&self) -> &'static str {
        "’, ‘"
    }
    // A noun phrase behind a dash needs no particle, which would depend on the last sound of a title.
    fn became(&self, kind: Kind, _: bool) -> &'static str {
        match kind {
            Kind::Added => " — 추가",
            Kind::Removed => " — 삭제",
            Kind::Retired => " — 폐지",
            Kind::Merged => " — 다른 항목으로 통합",
            Kind::Tightened => " — 더 엄격해짐",
            Kind::Loosened => " — 완화됨",
            Kind::Shifted | Kind::Changed => " — 변경",
            Kind::Shortened => " — 단축",
            Kind::Lengthened => " — 연장",
            Kind::Raised => " — 상향",
            Kind::Lowered => " — 하향",
            Kind::Renamed => " — 식별 이름 변경",
            Kind::Reworded => " — 표현만 바뀌고 뜻은 같음",
            Kind::Unmatched => " — 가리키는 이전 이름이 없음",
        }
    }
    fn of(&self, aspect: &str, named: &str) -> String {
        let aspect_word = word(aspect, |row| row.3);
        format!("{named}, {}", aspect_word.unwrap_or(aspect))
    }
    fn listed(&self, lost: Option<&str>, gained: Option<&str>) -> String {
        match (gained, lost) {
            (Some(gained), Some(lost)) => format!("{gained} 추가, {lost} 제외"),
            (Some(gained), None) => format!("{gained} 추가"),
            (None, lost) => format!("{} 제외", lost.unwrap_or_default()),
        }
    }
    fn colon(&self) -> &'static str {
        ": "
    }
    fn goes_on(&self, into: &str) -> String {
        format!("‘{into}’에서 계속")
    }
    fn was(&self, old: &str) -> String {
        format!("기존: {old}")
    }
}
