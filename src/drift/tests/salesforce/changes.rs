//! One change each, and what is told of it.

pub(super) const STAGES: &str = "OpportunityStage";
pub(super) const SIGNER: &str = "Relay_Evaluation_Exit_Signer";
pub(super) const INDUSTRY: &str = "Lead/fields/Industry__c";

/// A file, what stands in it, what stands there instead, and what is told.
pub(super) const CHANGES: &[(&str, &str, &str, &[&str])] = &[
    // Rules.
    (
        SIGNER,
        "",
        "",
        &[
            "records: Opportunity validation rule `Relay_Evaluation_Exit_Signer` is missing in Salesforce",
        ],
    ),
    (
        SIGNER,
        "<active>true",
        "<active>false",
        &[
            "records: Opportunity validation rule `Relay_Evaluation_Exit_Signer` is not active in Salesforce",
        ],
    ),
    (
        SIGNER,
        "3000000",
        "30000000",
        &[
            "records: Opportunity validation rule `Relay_Evaluation_Exit_Signer`: not the same formula […) ) , Amount >= 30000000 ) ) , NOT ( ISBLANK ( Decision_Maker__c ) ) ) ) ) | …) ) , Amount >= 3000000 ) ) , NOT ( ISBLANK ( Decision_Maker__c ) ) ) ) )]",
        ],
    ),
    (
        SIGNER,
        "We met who signs",
        "Ask first",
        &[
            "texts: Opportunity validation rule `Relay_Evaluation_Exit_Signer`: message \"3. Evaluation & selection: Ask first\" in Salesforce, \"3. Evaluation & selection: We met who signs\" in the process",
        ],
    ),
    (
        SIGNER,
        "<errorDisplayField>StageName",
        "<errorDisplayField>Amount",
        &[
            "values: Opportunity validation rule `Relay_Evaluation_Exit_Signer`: field of the message Amount in Salesforce, StageName in the process",
        ],
    ),
    (
        SIGNER,
        "    <errorDisplayField>StageName</errorDisplayField>\n",
        "",
        &[
            "values: Opportunity validation rule `Relay_Evaluation_Exit_Signer`: field of the message is not set in Salesforce, StageName in the process",
        ],
    ),
    // Stages.
    (
        STAGES,
        "<probability>40",
        "<probability>55",
        &[
            "values: Opportunity stage \"3. Evaluation & selection\": probability 55 in Salesforce, 40 in the process",
        ],
    ),
    (
        STAGES,
        "<forecastCategory>BestCase",
        "<forecastCategory>Pipeline",
        &[
            "values: Opportunity stage \"3. Evaluation & selection\": forecast category Pipeline in Salesforce, BestCase in the process",
        ],
    ),
    (
        STAGES,
        "<label>Won",
        "<label>Gewonnen",
        &[
            "texts: Opportunity stage \"Won\": label \"Gewonnen\" in Salesforce, \"Won\" in the process",
        ],
    ),
    (
        STAGES,
        "<won>true",
        "<won>false",
        &["records: Opportunity stage \"Won\": won false in Salesforce, true in the process"],
    ),
    (
        STAGES,
        "<closed>true",
        "<closed>false",
        &["records: Opportunity stage \"Won\": closed false in Salesforce, true in the process"],
    ),
    (
        STAGES,
        "<default>false",
        "<default>true",
        &[
            "values: Opportunity stage \"3. Evaluation & selection\": default true in Salesforce, false in the process",
        ],
    ),
    (
        STAGES,
        "<label>Lost</label>",
        "<label>Lost</label><isActive>false</isActive>",
        &["records: Opportunity stage \"Lost\" is not active in Salesforce"],
    ),
    (
        STAGES,
        "</StandardValueSet>",
        "<standardValue><fullName>Pilot</fullName></standardValue></StandardValueSet>",
        &["records: Opportunity stage \"Pilot\" is in Salesforce, not in the process"],
    ),
    (
        STAGES,
        "<fullName>Lost</fullName>",
        "<fullName>Gone</fullName>",
        &[
            "records: Opportunity stage \"Gone\" is in Salesforce, not in the process: \"Lost\", which is missing, has the same label",
            "records: Opportunity stage \"Lost\" is missing in Salesforce",
        ],
    ),
    (
        STAGES,
        "<sorted>false",
        "<sorted>true",
        &[
            "values: list of the stages of Opportunity: sorted by name true in Salesforce, false in the process",
        ],
    ),
    (STAGES, "", "", &["records: list of the stages of Opportunity is missing in Salesforce"]),
    (
        "LeadStatus",
        "<converted>true",
        "<converted>false",
        &["records: Lead status \"Converted\": converted false in Salesforce, true in the process"],
    ),
    // Sales processes and record types.
    (
        "Relay Deal.business",
        "<fullName>Lost</fullName>",
        "<fullName>Pilot</fullName>",
        &[
            "records: stage \"Pilot\" of the sales process `Relay Deal` is in Salesforce, not in the process",
            "records: stage \"Lost\" of the sales process `Relay Deal` is missing in Salesforce",
        ],
    ),
    (
        "Relay Deal.business",
        "<isActive>true",
        "<isActive>false",
        &["records: Opportunity sales process `Relay Deal` is not active in Salesforce"],
    ),
    (
        "Relay_Deal.recordType",
        "<active>true",
        "<active>false",
        &["records: Opportunity record type `Relay_Deal` is not active in Salesforce"],
    ),
    (
        "Relay_Deal.recordType",
        "<businessProcess>Relay Deal",
        "<businessProcess>Other",
        &[
            "records: Opportunity record type `Relay_Deal`: sales process Other in Salesforce, Relay Deal in the process",
        ],
    ),
    (
        "Relay_Deal.recordType",
        "",
        "",
        &["records: Opportunity record type `Relay_Deal` is missing in Salesforce"],
    ),
    (
        "Relay_Deal.recordType",
        "<fullName>price</fullName>",
        "<fullName>quality</fullName>",
        &[
            "records: option \"quality\" of `Lost_Reason__c` in the record type `Relay_Deal` is in Salesforce, not in the process",
            "records: option \"price\" of `Lost_Reason__c` in the record type `Relay_Deal` is missing in Salesforce",
        ],
    ),
    // Fields.
    (INDUSTRY, "", "", &["records: Lead field `Industry__c` is missing in Salesforce"]),
    (
        INDUSTRY,
        "<type>Picklist",
        "<type>Text",
        &["records: Lead field `Industry__c`: type Text in Salesforce, Picklist in the process"],
    ),
    (
        INDUSTRY,
        "<required>false",
        "<required>true",
        &["records: Lead field `Industry__c`: required true in Salesforce, false in the process"],
    ),
    (
        INDUSTRY,
        "<restricted>true",
        "<restricted>false",
        &[
            "records: Lead field `Industry__c`: restricted to its options false in Salesforce, true in the process",
        ],
    ),
    (
        INDUSTRY,
        "<trackHistory>true",
        "<trackHistory>false",
        &["values: Lead field `Industry__c`: history false in Salesforce, true in the process"],
    ),
    (
        INDUSTRY,
        "    <trackHistory>true</trackHistory>\n",
        "",
        &["values: Lead field `Industry__c`: history false in Salesforce, true in the process"],
    ),
    (
        INDUSTRY,
        "<label>Finance",
        "<label>Money",
        &[
            "texts: option \"finance\" of Lead field `Industry__c`: label \"Money\" in Salesforce, \"Finance\" in the process",
        ],
    ),
    (
        INDUSTRY,
        "<label>Finance</label>",
        "<label>Finance</label><isActive>false</isActive>",
        &["records: option \"finance\" of Lead field `Industry__c` is not active in Salesforce"],
    ),
    (
        INDUSTRY,
        "<fullName>other</fullName>",
        "<fullName>rest</fullName>",
        &[
            "records: option \"rest\" of Lead field `Industry__c` is in Salesforce, not in the process: \"other\", which is missing, has the same label",
            "records: option \"other\" of Lead field `Industry__c` is missing in Salesforce",
        ],
    ),
    (
        "Customer__c/fields/Need__c",
        "<length>255",
        "<length>80",
        &["values: Customer__c field `Need__c`: length 80 in Salesforce, 255 in the process"],
    ),
    (
        "Opportunity/fields/Discount__c",
        "<scale>0",
        "<scale>2",
        &["values: Opportunity field `Discount__c`: decimals 2 in Salesforce, 0 in the process"],
    ),
    (
        "Opportunity/fields/Champion__c",
        "<referenceTo>User",
        "<referenceTo>Contact",
        &[
            "records: Opportunity field `Champion__c`: object it refers to Contact in Salesforce, User in the process",
        ],
    ),
    (
        "Opportunity/fields/Confirmed",
        "<inlineHelpText>The",
        "<inlineHelpText>A",
        &[
            "texts: Opportunity field `Confirmed_Evaluation_Champion__c`: not the same help text [\"A champion will defend us internally, against every doubt of their own procurement\" | \"The champion will defend us internally, against every doubt of their own procurement\"]",
        ],
    ),
    // Objects, paths, permissions.
    (
        "Customer__c.object",
        "<sharingModel>ReadWrite",
        "<sharingModel>Private",
        &[
            "values: object `Customer__c`: sharing model Private in Salesforce, ReadWrite in the process",
        ],
    ),
    (
        "Opportunity.object",
        "<enableHistory>true",
        "<enableHistory>false",
        &["values: object `Opportunity`: history false in Salesforce, true in the process"],
    ),
    (
        "Relay_Deal.path",
        "<active>true",
        "<active>false",
        &["values: path of the Opportunity record type `Relay_Deal` is not active in Salesforce"],
    ),
    (
        "Relay_Deal.path",
        "<fieldNames>Amount</fieldNames>",
        "",
        &[
            "values: step \"3. Evaluation & selection\" of the path of the Opportunity record type `Relay_Deal`: not the same fields [Decision_Maker__c, CloseDate, Lost_Reason__c, Company_Size__c | Amount, Decision_Maker__c, CloseDate, Lost_Reason__c, Company_Size__c]",
        ],
    ),
    (
        "Relay_Deal.path",
        "who signs",
        "them",
        &[
            "texts: step \"3. Evaluation & selection\" of the path of the Opportunity record type `Relay_Deal`: guidance We met them The champion defends us Fits in Salesforce, We met who signs The champion defends us Fits in the process",
        ],
    ),
    (
        "Relay.permissionset",
        "<editable>true",
        "<editable>false",
        &[
            "records: permission set `Relay`, field `Customer__c.Amount__c`: editable false in Salesforce, true in the process",
        ],
    ),
    (
        "Relay_Bypass.permissionset",
        "<enabled>true",
        "<enabled>false",
        &[
            "records: permission set `Relay_Bypass`, permission `Relay_Bypass`: enabled false in Salesforce, true in the process",
        ],
    ),
    (
        "Relay_Bypass.customPermission",
        "",
        "",
        &["values: custom permission `Relay_Bypass` is missing in Salesforce"],
    ),
];
