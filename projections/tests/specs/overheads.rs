//! One sample of every event of the structure and of filings, as the log would hold it.

use domain::{Event, StreamId, Year};

/// Each event as JSON, but for its papers.
const STRUCTURE: &[&str] = &[
    r#"{"purchase.recorded":{"purchase":ID,"supplier":ID,"kind":"rent","bill":BILL,"evidence":PAPER}}"#,
    r#"{"personnel_cost.recorded":{"purchase":ID,"supplier":ID,"kind":"work_accidents","bill":BILL,"evidence":PAPER}}"#,
    r#"{"purchase.paid":{"purchase":ID,"supplier":ID,"amount":"121.00","evidence":PAPER}}"#,
    r#"{"purchase.credited":{"purchase":ID,"supplier":ID,"kind":"rent","bill":BILL,"evidence":PAPER}}"#,
    r#"{"staff_pay.recorded":{"pay":ID,"month":"2025-05","gross":"10.00","employer":"2.50","employee":"1.00","withholding":"1.00","net":"8.00","evidence":PAPER}}"#,
    r#"{"staff_pay.paid":{"pay":ID,"net":"8.00","evidence":PAPER}}"#,
    r#"{"asset.acquired":{"asset":ID,"purchase":ID,"supplier":ID,"kind":"machines","bill":BILL,"life_months":36,"in_use_from":"2025-05","evidence":PAPER}}"#,
    r#"{"asset.depreciated":{"asset":ID,"kind":"machines","month":"2025-05","amount":"2.77"}}"#,
    r#"{"asset.disposed":{"asset":ID,"kind":"machines","cost":"100.00","depreciated":"2.77","proceeds":"50.00","vat":"0.00","evidence":PAPER}}"#,
    r#"{"bank_fee.charged":{"amount":"7.50","evidence":PAPER}}"#,
    r#"{"tax.assessed":{"tax":ID,"kind":"result","amount":"500.00","evidence":PAPER}}"#,
    r#"{"tax.paid":{"tax":ID,"amount":"500.00","evidence":PAPER}}"#,
    r#"{"accrual.recorded":{"accrual":ID,"kind":"services","amount":"300.00","evidence":PAPER}}"#,
    r#"{"accrual.reversed":{"accrual":ID,"kind":"services","amount":"300.00"}}"#,
    r#"{"voucher.booked":{"voucher":ID,"movements":[{"debit":"6500","credit":"179","amount":"12.00"}],"evidence":PAPER}}"#,
    r#"{"opening_balance.booked":{"movements":[{"debit":"550","credit":"133","amount":"12.00"}],"evidence":PAPER}}"#,
    r#"{"structure.corrected":{"position":1,"original":{"bank_fee.charged":{"amount":"7.50","evidence":PAPER}},"original_rule":"bank_fee.charged@1","reason":"mistake","authority":"board"}}"#,
];

const FILING: &[&str] = &[
    r#"{"vat_return.filed":{"on_sales":"200.00","on_credits_received":"10.00","on_purchases":"30.00","on_lost_debts":"15.00","on_credits_issued":"5.00","net":"160.00","receipt":PAPER}}"#,
    r#"{"vat_return.paid":{"direction":"paid","amount":"160.00","evidence":PAPER}}"#,
    r#"{"dmfa.filed":{"owed":"380.70","receipt":PAPER}}"#,
    r#"{"dmfa.paid":{"direction":"paid","amount":"380.70","evidence":PAPER}}"#,
    r#"{"withholding_return.filed":{"owed":"96.58","receipt":PAPER}}"#,
    r#"{"withholding_return.paid":{"direction":"paid","amount":"96.58","evidence":PAPER}}"#,
    r#"{"customer_listing.filed":{"receipt":PAPER}}"#,
    r#"{"accounts.filed":{"receipt":PAPER}}"#,
    r#"{"filing.corrected":{"position":1,"original":{"vat_return.paid":{"direction":"paid","amount":"1.00","evidence":PAPER}},"original_rule":"vat_return.paid@1","reason":"mistake","authority":"board"}}"#,
];

/// All of them, in their streams.
pub fn samples() -> Vec<(StreamId, Event)> {
    let id = "\"00000000-0000-0000-0000-000000000001\"";
    let paper = format!(r#"{{"document":"DOC-1","digest":"{}"}}"#, "07".repeat(32));
    let bill = r#"{"net":"100.00","vat_recoverable":"21.00","vat_not_recoverable":"0.00"}"#;
    let read = |stream: StreamId, json: &str| {
        let json = json.replace("ID", id).replace("PAPER", &paper).replace("BILL", bill);
        (stream, Event::parse(stream, &json).unwrap_or_else(|error| panic!("{json}: {error}")))
    };
    let structure = StreamId::Structure(Year::new(2025));
    let filing = StreamId::Filing("vat-2025-04".parse().unwrap());
    let of_structure = STRUCTURE.iter().map(|json| read(structure, json));
    of_structure.chain(FILING.iter().map(|json| read(filing, json))).collect()
}
