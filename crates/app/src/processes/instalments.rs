//! An instalment of a loan falls due: it is called. Its rows come with the read model of loans.
