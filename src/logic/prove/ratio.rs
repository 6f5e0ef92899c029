//! Exact fractions. Every operation that would overflow is `None`: whoever calculates gives up.

use std::cmp::Ordering;

use rust_decimal::Decimal;

/// A fraction in lowest terms; the denominator is positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ratio {
    num: i128,
    den: i128,
}

impl Ratio {
    pub(super) const ZERO: Self = Self { num: 0, den: 1 };
    pub(super) const ONE: Self = Self { num: 1, den: 1 };

    pub(super) fn new(num: i128, den: i128) -> Option<Self> {
        if den == 0 {
            return None;
        }
        let shared = gcd(num, den);
        let (num, den) = (num.checked_div(shared)?, den.checked_div(shared)?);
        if den < 0 {
            return Some(Self { num: num.checked_neg()?, den: den.checked_neg()? });
        }
        Some(Self { num, den })
    }

    pub(super) fn whole(num: i128) -> Self {
        Self { num, den: 1 }
    }

    pub(super) fn num(self) -> i128 {
        self.num
    }

    pub(super) fn den(self) -> i128 {
        self.den
    }

    pub(super) fn is_zero(self) -> bool {
        self.num == 0
    }

    pub(super) fn is_negative(self) -> bool {
        self.num < 0
    }

    pub(super) fn is_whole(self) -> bool {
        self.den == 1
    }

    pub(super) fn add(self, other: Self) -> Option<Self> {
        if self.den == 1 && other.den == 1 {
            return Some(Self { num: self.num.checked_add(other.num)?, den: 1 });
        }
        let a = self.num.checked_mul(other.den)?;
        let b = other.num.checked_mul(self.den)?;
        Self::new(a.checked_add(b)?, self.den.checked_mul(other.den)?)
    }

    pub(super) fn sub(self, other: Self) -> Option<Self> {
        self.add(other.negated()?)
    }

    pub(super) fn mul(self, other: Self) -> Option<Self> {
        Self::new(self.num.checked_mul(other.num)?, self.den.checked_mul(other.den)?)
    }

    pub(super) fn div(self, other: Self) -> Option<Self> {
        Self::new(self.num.checked_mul(other.den)?, self.den.checked_mul(other.num)?)
    }

    pub(super) fn negated(self) -> Option<Self> {
        Some(Self { num: self.num.checked_neg()?, den: self.den })
    }

    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        if self.den == other.den {
            return Some(self.num.cmp(&other.num));
        }
        let a = self.num.checked_mul(other.den)?;
        Some(a.cmp(&other.num.checked_mul(self.den)?))
    }

    pub(super) fn floor(self) -> i128 {
        self.num.div_euclid(self.den)
    }

    pub(super) fn ceil(self) -> Option<i128> {
        let floor = self.floor();
        if self.is_whole() { Some(floor) } else { floor.checked_add(1) }
    }

    /// The decimal, exact or the nearest there is.
    pub(super) fn to_decimal(self) -> Option<Decimal> {
        let num = Decimal::try_from_i128_with_scale(self.num, 0).ok()?;
        let den = Decimal::try_from_i128_with_scale(self.den, 0).ok()?;
        num.checked_div(den).map(|x| x.normalize())
    }

    /// Whether a division by it is exact in decimals: nothing but twos and fives above the line.
    pub(super) fn divides_decimals(self) -> bool {
        let mut rest = self.num.unsigned_abs();
        for factor in [2, 5] {
            while rest > 0 && rest.is_multiple_of(factor) {
                rest /= factor;
            }
        }
        rest == 1
    }
}

impl From<Decimal> for Ratio {
    fn from(decimal: Decimal) -> Self {
        let decimal = decimal.normalize();
        if decimal.scale() == 0 {
            return Self::whole(decimal.mantissa());
        }
        let den = 10_i128.checked_pow(decimal.scale()).unwrap_or(1);
        // A mantissa of 96 bits and a power of ten up to 28 both fit.
        Self::new(decimal.mantissa(), den).unwrap_or(Self::ZERO)
    }
}

impl From<i64> for Ratio {
    fn from(whole: i64) -> Self {
        Self::whole(i128::from(whole))
    }
}

/// The greatest common divisor; never zero.
pub(super) fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    // Small numbers are the rule, and divide much faster.
    while b != 0 {
        if let (Ok(small_a), Ok(small_b)) = (u64::try_from(a), u64::try_from(b)) {
            let (mut x, mut y) = (small_a, small_b);
            while y != 0 {
                (x, y) = (y, x % y);
            }
            return i128::from(x.max(1));
        }
        (a, b) = (b, a % b);
    }
    i128::try_from(a.max(1)).unwrap_or(1)
}
