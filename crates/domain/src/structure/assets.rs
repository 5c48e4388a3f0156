//! Assets: bought, depreciated month by month, sold or scrapped.
//!
//! Straight line from the month of acquisition on: each month bears the same whole cents, the last one
//! takes the rest, so the months sum to the cost exactly. Residual values are left out.
//! Source: DOMAIN F2 (depreciation); KB 29-04-2019 art. 3:39 (depreciation by plan) \[R\].

use super::{
    Asset, Bought, Purchase, Structure, StructureEvent, StructureRefusal, fits_a_document, not_negative,
    relied_upon, unknown, wrong_state,
};
use crate::correction::CorrectionRefused;
use crate::dates::Month;
use crate::evidence::Evidence;
use crate::ids::AssetId;
use crate::money::{Amount, Balance};
use crate::stream::Facts;

/// Fifty years: nothing here serves for longer.
const LIFE_MONTHS_MAX: u32 = 600;

/// A useful life has a month at least, and a cent for each of its months.
pub(super) fn life_is_possible(life_months: u32, cost: Balance) -> Result<(), StructureRefusal> {
    let max = u32::try_from(cost.cents()).unwrap_or(LIFE_MONTHS_MAX).min(LIFE_MONTHS_MAX);
    if !(1..=max).contains(&life_months) {
        return Err(StructureRefusal::LifeOutOfRange { life_months, max, cost });
    }
    Ok(())
}

impl Structure {
    pub(super) fn depreciate(
        &self,
        id: AssetId,
        month: Month,
        facts: &Facts<Self>,
    ) -> Result<StructureEvent, StructureRefusal> {
        let asset = self.asset_in_use(id)?;
        if asset.months == asset.life_months {
            return Err(StructureRefusal::FullyDepreciated { asset: id, cost: asset.cost });
        }
        if month != asset.next {
            return Err(StructureRefusal::OtherMonth { expected: asset.next, asked: month });
        }
        let effective_on = facts.effective_on;
        if effective_on < month.first_day() {
            return Err(StructureRefusal::MonthNotBegun { month, effective_on });
        }
        Ok(StructureEvent::AssetDepreciated { asset: id, kind: asset.kind, month, amount: asset.share() })
    }

    pub(super) fn dispose(
        &self,
        id: AssetId,
        (proceeds, vat): (Balance, Balance),
        evidence: Evidence,
    ) -> Result<StructureEvent, StructureRefusal> {
        let asset = self.asset_in_use(id)?;
        not_negative("proceeds", proceeds)?;
        not_negative("VAT", vat)?;
        fits_a_document(proceeds + vat)?;
        let (kind, cost, depreciated) = (asset.kind, asset.cost, asset.depreciated);
        Ok(StructureEvent::AssetDisposed { asset: id, kind, cost, depreciated, proceeds, vat, evidence })
    }

    fn asset_in_use(&self, id: AssetId) -> Result<&Asset, StructureRefusal> {
        let asset = self.assets.get(&id).ok_or_else(|| unknown("asset", id))?;
        if asset.disposed {
            return Err(wrong_state("asset", id, "disposed of"));
        }
        Ok(asset)
    }

    pub(super) fn evolve_assets(&mut self, event: &StructureEvent) {
        match event {
            StructureEvent::AssetAcquired {
                asset,
                purchase,
                supplier,
                kind,
                bill,
                life_months,
                in_use_from,
                ..
            } => {
                self.purchases.insert(*purchase, Purchase::new(*supplier, Bought::Asset, bill));
                self.assets.insert(
                    *asset,
                    Asset {
                        kind: *kind,
                        cost: Amount::try_from(bill.cost()).expect("a bill has a net amount"),
                        life_months: *life_months,
                        next: *in_use_from,
                        months: 0,
                        depreciated: Balance::ZERO,
                        disposed: false,
                    },
                );
            }
            StructureEvent::AssetDepreciated { asset, month, amount, .. } => {
                let asset = self.asset(*asset);
                asset.months += 1;
                asset.next = month.next();
                asset.depreciated = asset.depreciated + amount.balance();
            }
            StructureEvent::AssetDisposed { asset, .. } => self.asset(*asset).disposed = true,
            _ => unreachable!("only events of assets come here"),
        }
    }

    pub(super) fn void_assets(&mut self, original: &StructureEvent) -> Result<(), CorrectionRefused> {
        match original {
            StructureEvent::AssetAcquired { asset, purchase, .. } => {
                let found = self.asset(*asset);
                if found.months > 0 || found.disposed {
                    return Err(relied_upon(original, "it was depreciated or disposed of since"));
                }
                if !self.purchase(*purchase).is_untouched() {
                    return Err(relied_upon(original, "it was paid since"));
                }
                self.assets.remove(asset);
                self.purchases.remove(purchase);
            }
            StructureEvent::AssetDepreciated { asset, month, amount, .. } => {
                let asset = self.asset(*asset);
                if asset.disposed || asset.next != month.next() {
                    return Err(relied_upon(
                        original,
                        "a later month was depreciated, or it was disposed of",
                    ));
                }
                asset.months -= 1;
                asset.next = *month;
                asset.depreciated = asset.depreciated - amount.balance();
            }
            StructureEvent::AssetDisposed { asset, .. } => self.asset(*asset).disposed = false,
            _ => unreachable!("only events of assets come here"),
        }
        Ok(())
    }

    fn asset(&mut self, id: AssetId) -> &mut Asset {
        self.assets.get_mut(&id).expect("events name assets that were acquired")
    }
}

impl Asset {
    /// What the next month bears: whole cents rounded down, and the rest in the last month.
    fn share(&self) -> Amount {
        let cents = if self.months + 1 == self.life_months {
            self.cost.cents() - self.depreciated.cents()
        } else {
            self.cost.cents() / i64::from(self.life_months)
        };
        Amount::from_cents(cents).expect("each month bears a cent at least")
    }
}
