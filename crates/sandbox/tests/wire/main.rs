//! Bytes against the server: raw HTTP/1.1 and WebSocket text over plain sockets, no client types.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod authenticators;
mod binary;
mod data_tokens;
mod devices;
mod dialects;
mod directories;
mod directory_devices;
mod durability;
mod faults;
mod faults_answers;
mod faults_bodies;
mod faults_control;
mod faults_links;
mod faults_sockets;
mod faults_votes;
mod http;
mod inspection;
mod layers;
mod oauth;
mod oauth_scopes;
mod observed;
mod person;
mod phones;
mod policies;
mod polls;
mod profiles;
mod settings;
mod socket;
mod strangers;
mod utility;
mod vendor;
mod voters;
mod votes;
mod votes_more;
mod websocket;
