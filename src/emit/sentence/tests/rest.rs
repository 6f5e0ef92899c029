//! Conditions in a sentence, durations, measures, targets, and what is out of the ordinary.

use super::*;

#[test]
fn conditions_inside_a_sentence() {
    let cases = [
        (
            "amount >= 3_000_000 JPY",
            "if Amount is at least 3,000,000 JPY",
            "금액이 3,000,000 JPY 이상인 경우",
            "金額が3,000,000 JPY以上である場合",
        ),
        (
            "amount > 0 JPY",
            "if Amount is more than 0 JPY",
            "금액이 0 JPY보다 큰 경우",
            "金額が0 JPYより大きい場合",
        ),
        (
            "agreed and need is present",
            "if Agreed is yes and “The need, in their words” is filled in",
            "합의 여부가 “예”이고, 고객이 말한 니즈가 입력되어 있는 경우",
            "合意が「はい」であり、かつ顧客の言うニーズが入力されている場合",
        ),
        (
            "agreed and reason in [price, rival]",
            "if Agreed is yes, and Reason is Price or Competitor",
            "합의 여부가 “예”이고, 사유가 가격, 경쟁사 중 하나인 경우",
            "合意が「はい」であり、かつ理由が価格、競合のいずれかである場合",
        ),
        (
            "agreed and need is present and reason in [price, rival]",
            "if all of these hold: (1) Agreed is yes; (2) “The need, in their words” is filled in; (3) Reason is Price or Competitor",
            "다음을 모두 만족하는((1) 합의 여부가 “예”입니다; (2) 고객이 말한 니즈가 입력되어 있습니다; (3) 사유가 가격, 경쟁사 중 하나입니다) 경우",
            "次のすべてが成り立つ（(1) 合意が「はい」である、(2) 顧客の言うニーズが入力されている、(3) 理由が価格、競合のいずれかである）場合",
        ),
    ];
    let process = process(&cases.map(|case| case.0), "");
    for (criterion, (_, en, ko, ja)) in process.criteria.values().zip(cases) {
        for (language, expected) in [("en", en), ("ko", ko), ("ja", ja)] {
            let said = Sentences::new(&process, language).condition(&criterion.condition);
            assert_eq!(said, expected);
        }
    }
}

#[test]
fn durations_clocks_and_rhythms() {
    let process =
        process(&["agreed"], "recycle to s after 30d\n recycle to s after 120d before renews_on");
    let transitions: Vec<_> = process.transitions.values().collect();
    let clocks = |language: &str| {
        let sentences = Sentences::new(&process, language);
        let clock = |index: usize| sentences.clock(transitions[index].after.as_ref().unwrap());
        (clock(0), clock(1))
    };
    assert_eq!(
        clocks("en"),
        ("After 30 days in this stage".into(), "120 days before Renewal date".into())
    );
    assert_eq!(clocks("ko"), ("이 단계에 들어온 지 30일 후".into(), "갱신일 120일 전".into()));
    assert_eq!(clocks("ja"), ("このステージに入ってから30日後".into(), "更新日の120日前".into()));

    let cases = [
        (1, Unit::Minute, "1 minute", "1분", "1分"),
        (4, Unit::Hour, "4 hours", "4시간", "4時間"),
        (1, Unit::Day, "1 day", "1일", "1日"),
        (1500, Unit::Day, "1,500 days", "1,500일", "1,500日"),
        (2, Unit::Week, "2 weeks", "2주", "2週間"),
        (6, Unit::Month, "6 months", "6개월", "6か月"),
        (1, Unit::Quarter, "1 quarter", "1개 분기", "1四半期"),
        (1, Unit::Year, "1 year", "1년", "1年"),
        (30, Unit::BusinessMinute, "30 business minutes", "영업시간 30분", "営業時間30分"),
        (4, Unit::BusinessHour, "4 business hours", "영업시간 4시간", "4営業時間"),
        (1, Unit::BusinessDay, "1 business day", "1영업일", "1営業日"),
    ];
    for (amount, unit, en, ko, ja) in cases {
        let duration = Duration { amount: amount.into(), unit };
        for (language, expected) in [("en", en), ("ko", ko), ("ja", ja)] {
            assert_eq!(Sentences::new(&process, language).duration(duration), expected);
        }
    }
    let week = Every::Duration(Duration { amount: 1.into(), unit: Unit::Week });
    let fortnight = Every::Duration(Duration { amount: 2.into(), unit: Unit::Week });
    let quarter = Every::Period(crate::model::Period::Quarter);
    for (language, expected) in [
        ("en", ["every week", "every 2 weeks", "every quarter"]),
        ("ko", ["매주", "2주마다", "매 분기"]),
        ("ja", ["毎週", "2週間ごと", "四半期ごと"]),
    ] {
        let sentences = Sentences::new(&process, language);
        assert_eq!([week, fortnight, quarter].map(|every| sentences.every(every)), expected);
    }
}

#[test]
fn measures_and_targets() {
    let goals = [
        ("conversion from s to t within 14d", "at least 60% every quarter"),
        ("entries into t when agreed", "at least 1_000 every month"),
        ("balance of s", "at most 50"),
        ("median time from s to t", "at most 120d"),
        ("p90 time in s", "at most 2 business days every week"),
        ("sum of amount entering t when agreed", "at least 90_000_000 JPY every year"),
        ("share of t when agreed and seats > 5", "at least 30%"),
        ("coverage of g5 by amount", "at least 3"),
    ];
    let declared: String = goals
        .iter()
        .enumerate()
        .map(|(index, (measure, target))| {
            format!(
                "goal g{index} \"G\" {{ shared by [sales] measure {measure} target {target} }}\n"
            )
        })
        .collect();
    let process =
        process(&["agreed"], &format!("}}\n{declared}stage u \"U\" {{ record deal owner ae"));
    let expected = [
        [
            ("Conversion from Start to “2. Offer” within 14 days", "At least 60% every quarter"),
            (
                "Records that enter “2. Offer”, only those where Agreed is yes",
                "At least 1,000 every month",
            ),
            ("Records in Start at any one time", "At most 50"),
            ("Median time from Start to “2. Offer”", "At most 120 days"),
            (
                "Time in Start that nine in ten records keep to",
                "At most 2 business days every week",
            ),
            (
                "Sum of Amount over the records that enter “2. Offer”, only those where Agreed is yes",
                "At least 90,000,000 JPY every year",
            ),
            (
                "Share of the records entering “2. Offer” where Agreed is yes and Seats is more than 5",
                "At least 30%",
            ),
            ("Amount of all open records as a multiple of the target of “G”", "At least 3"),
        ],
        [
            ("‘시작’에서 ‘2. 제안’으로 전환되는 비율 (14일 이내)", "60% 이상 (매 분기)"),
            ("‘2. 제안’에 들어오는 레코드 수 (조건: 합의 여부가 “예”입니다)", "1,000 이상 (매월)"),
            ("‘시작’에 머무는 레코드 수", "50 이하"),
            ("‘시작’에서 ‘2. 제안’까지 걸리는 기간 (중앙값)", "120일 이하"),
            ("‘시작’에 머무는 기간 (레코드 열 건 중 아홉 건 기준)", "2영업일 이하 (매주)"),
            (
                "‘2. 제안’에 들어오는 레코드의 금액 합계 (조건: 합의 여부가 “예”입니다)",
                "90,000,000 JPY 이상 (매년)",
            ),
            (
                "‘2. 제안’에 들어오는 레코드 중 다음 조건을 만족하는 비율: 합의 여부가 “예”이고, 사용자 수가 5보다 큽니다",
                "30% 이상",
            ),
            ("“G” 목표 대비 진행 중인 레코드의 금액 합계 배수", "3 이상"),
        ],
        [
            ("「開始」から「提案」への転換率（14日以内）", "60%以上（四半期ごと）"),
            ("「提案」に入る件数（条件：合意が「はい」である）", "1,000以上（毎月）"),
            ("「開始」にある件数", "50以下"),
            ("「開始」から「提案」までの期間（中央値）", "120日以下"),
            ("「開始」の滞在期間（10件中9件が収まる期間）", "2営業日以下（毎週）"),
            (
                "「提案」に入るレコードの金額の合計（条件：合意が「はい」である）",
                "90,000,000 JPY以上（毎年）",
            ),
            (
                "「提案」に入る件数のうち、次の条件を満たす割合：合意が「はい」であり、かつユーザー数が5より大きい",
                "30%以上",
            ),
            ("「G」の目標に対する、進行中のレコードの金額の合計の倍率", "3以上"),
        ],
    ];
    for (language, expected) in ["en", "ko", "ja"].into_iter().zip(expected) {
        let sentences = Sentences::new(&process, language);
        for (goal, (measure, target)) in process.goals.values().zip(expected) {
            assert_eq!(sentences.measure(goal.measure.as_ref().unwrap()), measure);
            assert_eq!(sentences.target(goal.target.as_ref().unwrap()), target);
        }
    }
}

#[test]
fn an_unknown_language_is_spoken_in_english() {
    let process = process(&["amount > 0 JPY"], "");
    let condition = &process.criteria.values().next().unwrap().condition;
    assert_eq!(Sentences::new(&process, "fr").sentence(condition), "Amount is more than 0 JPY");
    assert_eq!(Sentences::new(&process, "ko-KR").sentence(condition), "금액이 0 JPY보다 큽니다");
}

#[test]
fn a_condition_too_deep_to_say_is_cut_short() {
    let process = process(&["agreed"], "");
    let mut deep = process.criteria.values().next().unwrap().condition.clone();
    let leaf = deep.clone();
    for level in 0..2_000 {
        let span = deep.span;
        let parts = vec![leaf.clone(), deep];
        let kind = if level % 2 == 0 { ExprKind::And(parts) } else { ExprKind::Or(parts) };
        deep = Expr { kind, ty: Type::Boolean, span };
    }
    let said = Sentences::new(&process, "en").sentence(&deep);
    assert!(said.contains('…') && said.len() < 20_000, "{}", said.len());
    // Dropping a tree this deep would itself recurse without end in a debug build.
    std::mem::forget(deep);
}

#[test]
fn the_first_letter_is_raised_but_not_of_a_brand() {
    assert_eq!(capitalised("either a"), "Either a");
    assert_eq!(capitalised("eNPS is 5"), "eNPS is 5");
    assert_eq!(capitalised("금액이"), "금액이");
    assert_eq!(capitalised(""), "");
}
