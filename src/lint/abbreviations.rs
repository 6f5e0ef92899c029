//! Abbreviations that nobody has to explain, and words that are written in capitals to be heard.

/// Whether the word is known to anybody who works in a company, or is no abbreviation at all.
pub(crate) fn is_common(word: &str) -> bool {
    COMMON.binary_search(&word).is_ok()
        || crate::sema::currency::is_known(word)
        || word.chars().all(|c| matches!(c, 'I' | 'V' | 'X'))
}

/// Sorted.
const COMMON: &[&str] = &[
    "AFTER", "AI", "ALL", "ALWAYS", "AM", "AND", "ANY", "APAC", "API", "APR", "ASAP", "ASK", "AUG",
    "BCC", "BEFORE", "BI", "CALL", "CC", "CCO", "CDO", "CEO", "CEST", "CET", "CFO", "CHRO", "CIO",
    "CISO", "CMO", "COO", "CPO", "CRM", "CRO", "CS", "CSO", "CSV", "CTO", "CV", "DACH", "DEC",
    "DM", "DO", "DONE", "DONT", "EDI", "EDT", "EMEA", "ERP", "EST", "ETA", "EU", "EVERY", "EVP",
    "FAQ", "FEB", "FIRST", "FIXME", "FOR", "FRI", "FTP", "FYI", "GDPR", "GMT", "HAS", "HOW", "HQ",
    "HR", "HTML", "HTTP", "HTTPS", "IBAN", "ID", "IF", "IN", "IP", "IPO", "IS", "ISO", "IST", "IT",
    "JAN", "JSON", "JST", "JUL", "JUN", "KB", "KPI", "KPIS", "KST", "LATAM", "LINE", "LLM", "LTD",
    "MAR", "MAY", "MB", "MD", "MFA", "ML", "MMS", "MON", "MUST", "NA", "NB", "NDA", "NEED",
    "NEVER", "NEW", "NO", "NOT", "NOTE", "NOV", "NOW", "OCT", "OF", "OK", "OKR", "OKRS", "ON",
    "ONE", "ONLY", "OR", "OS", "PA", "PC", "PDF", "PIN", "PM", "PO", "PR", "PS", "PST", "QA", "QR",
    "RFI", "RFP", "RFQ", "ROI", "SAAS", "SALES", "SAP", "SAT", "SDK", "SEP", "SLA", "SMB", "SME",
    "SMS", "SSO", "STEP", "STOP", "SUN", "SVP", "TAX", "TBA", "TBC", "TBD", "TEAM", "THE", "THIS",
    "THU", "TO", "TODO", "TUE", "TV", "UI", "UK", "URI", "URL", "URLS", "US", "USA", "USB", "UTC",
    "UX", "VAT", "VIP", "VP", "VPN", "VS", "WE", "WED", "WHAT", "WHEN", "WHO", "WHY", "WIFI",
    "WITH", "XLS", "XLSX", "XML", "YES", "YOU", "YOUR", "ZIP",
];

#[cfg(test)]
mod tests {
    use super::{COMMON, is_common};

    #[test]
    fn the_list_is_sorted() {
        assert!(COMMON.is_sorted());
        assert!(is_common("CRM") && is_common("JPY") && is_common("VII") && !is_common("MQL"));
    }
}
