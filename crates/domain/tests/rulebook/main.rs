//! The rulebook of the cooperative: every rule of the domain as a sentence a member could dispute.
//!
//! ```text
//! harness fixtures stories        given, when, then; people we know; a life per stream
//! statutes year member series     the rules, stream by stream
//! loan grant                      … and what is lent and given
//! structure filing                … what the entity itself buys, owns and declares
//! course fitness cover resource   … what members learn, bear, are insured for and share
//! bank                            … and what the bank says of all that was paid
//! participation activity          … what members do together
//! control office                  … what staff checks, and where it sits
//! meeting mandate board           … and how its members and directors decide
//! unit                            work, invoicing, expenses, pay
//! golden                          published vectors of DOMAIN C1 and F5, asked as commands
//! refusals                        every code provoked; the codes are stable
//! commands bodies events bridge   what is read, what is written, what cqrs-es sees
//! samples upcast                  what was stored for ever, and older versions of it
//! ```

mod activity;
mod bank;
mod board;
mod bodies;
mod bridge;
mod commands;
mod control;
mod course;
mod cover;
mod events;
mod exit;
mod filing;
mod fitness;
mod fixtures;
mod golden;
mod grant;
mod harness;
mod loan;
mod mandate;
mod meeting;
mod member;
mod office;
mod participation;
mod refusals;
mod resource;
mod samples;
mod series;
mod statutes;
mod stories;
mod structure;
mod unit;
mod upcast;
mod year;
