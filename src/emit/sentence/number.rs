//! Numbers as people read them.

use rust_decimal::Decimal;

/// A number with its digits in groups of three and without trailing zeros: `1,234,567.5`.
pub fn grouped(number: Decimal) -> String {
    let plain = number.normalize().to_string();
    let (sign, plain) = match plain.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", plain.as_str()),
    };
    let (whole, fraction) = match plain.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (plain, None),
    };
    let mut text = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        let cases = [
            (Decimal::new(0, 0), "0"),
            (Decimal::new(999, 0), "999"),
            (Decimal::new(1000, 0), "1,000"),
            (Decimal::new(-1_234_567, 0), "-1,234,567"),
            (Decimal::new(12_345_678, 2), "123,456.78"),
            (Decimal::new(1500, 2), "15"),
            (Decimal::new(-5, 1), "-0.5"),
            (Decimal::new(-123, 0), "-123"),
        ];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
    }
}
