//! Abbreviations that nobody has to explain, and words that are written in capitals to be heard.

/// Whether the word is known to anybody who works in a company, or is no abbreviation at all.
pub(crate) fn is_common(word: &str) -> bool {
    COMMON.binary_search(&word).is_ok()
        || crate::sema::currency::is_known(word)
        || word.chars().all(|c| matches!(c, 'I' | 'V' | 'X'))
}

/// Sorted. Of other languages those that stand in contracts, on invoices and on doors: DSGVO, TVA, BTW.
const COMMON: &[&str] = &[
    "AFTER", "AG", "AGB", "AI", "ALL", "ALWAYS", "AM", "AND", "ANY", "APAC", "API", "APR", "ASAP",
    "ASK", "AUG", "AVG", "BCC", "BEFORE", "BGB", "BI", "BTW", "BV", "CALL", "CC", "CCO", "CDO",
    "CEO", "CEST", "CET", "CFO", "CHRO", "CIO", "CISO", "CMO", "COO", "CPO", "CRM", "CRO", "CS",
    "CSO", "CSV", "CTO", "CV", "DACH", "DEC", "DM", "DO", "DONE", "DONT", "DSGVO", "EDI", "EDT",
    "EDV", "EMEA", "ERP", "EST", "ETA", "EU", "EVERY", "EVP", "FAQ", "FEB", "FIRST", "FIXME",
    "FOR", "FRI", "FTP", "FYI", "GDPR", "GF", "GL", "GMBH", "GMT", "HAS", "HGB", "HOW", "HQ", "HR",
    "HTML", "HTTP", "HTTPS", "IA", "IBAN", "ID", "IF", "IN", "IP", "IPO", "IS", "ISO", "IST", "IT",
    "IVA", "JAN", "JSON", "JST", "JUL", "JUN", "KB", "KG", "KI", "KMU", "KPI", "KPIS", "KST",
    "LATAM", "LINE", "LLM", "LTD", "MAR", "MAY", "MB", "MD", "MFA", "ML", "MMS", "MON", "MUST",
    "MWST", "NA", "NB", "NDA", "NEED", "NEVER", "NEW", "NO", "NOT", "NOTE", "NOV", "NOW", "OCT",
    "OF", "OHG", "OK", "OKR", "OKRS", "ON", "ONE", "ONLY", "OR", "OS", "PA", "PC", "PDF", "PDG",
    "PIN", "PM", "PME", "PO", "PR", "PS", "PST", "PYME", "QA", "QR", "RFI", "RFP", "RFQ", "RGPD",
    "RH", "ROI", "RRHH", "SA", "SAAS", "SALES", "SAP", "SARL", "SAS", "SAT", "SDK", "SEP", "SL",
    "SLA", "SMB", "SME", "SMS", "SRL", "SSO", "STEP", "STOP", "SUN", "SVP", "TAX", "TBA", "TBC",
    "TBD", "TEAM", "THE", "THIS", "THU", "TO", "TODO", "TUE", "TV", "TVA", "UI", "UK", "URI",
    "URL", "URLS", "US", "USA", "USB", "UST", "UTC", "UX", "VAT", "VIP", "VP", "VPN", "VS", "WE",
    "WED", "WHAT", "WHEN", "WHO", "WHY", "WIFI", "WITH", "XLS", "XLSX", "XML", "YES", "YOU",
    "YOUR", "ZIP",
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
