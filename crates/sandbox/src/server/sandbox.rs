//! A running sandbox.

use std::io;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use crate::api;
use crate::channels::socket;
use crate::control::Control;
use crate::data::{downstream, upstream};
use crate::server::addresses::Addresses;
use crate::server::home::Home;
use crate::server::listener::{Cut, ServerListener};
use crate::server::local::only_local;
use crate::world::Shared;

/// How long a shutdown waits for running requests.
const SHUTDOWN_LIMIT: Duration = Duration::from_secs(10);

/// Four servers on loopback. Dropped, it stops soon; [`Sandbox::shutdown`] stops it and waits.
pub struct Sandbox {
    world: Shared,
    servers: Option<JoinHandle<()>>,
    home: Option<Home>,
}

pub(crate) struct Listeners {
    pub(crate) api: TcpListener,
    pub(crate) websocket: TcpListener,
    pub(crate) upstream: TcpListener,
    pub(crate) downstream: TcpListener,
    /// TLS, if only the owner may connect.
    pub(crate) tls: Option<TlsAcceptor>,
}

impl Listeners {
    pub(crate) fn addresses(&self) -> io::Result<Addresses> {
        let places = [
            self.api.local_addr()?,
            self.websocket.local_addr()?,
            self.upstream.local_addr()?,
            self.downstream.local_addr()?,
        ];
        Ok(Addresses::of(places, self.tls.is_some()))
    }
}

impl Sandbox {
    pub(crate) fn open(world: Shared, listeners: Listeners, home: Home, control: bool) -> Self {
        let control = control.then(|| Control::new(world.clone()));
        let mut servers = JoinSet::new();
        let served = [
            (listeners.api, api::router(world.clone(), control)),
            (listeners.websocket, socket::router(world.clone())),
            (listeners.upstream, upstream::router(world.clone())),
            (listeners.downstream, downstream::router(world.clone())),
        ];
        for (listener, router) in served {
            let listener = ServerListener::new(listener, listeners.tls.clone());
            let router = router.layer(from_fn_with_state(world.clone(), only_local));
            servers.spawn(serve(world.clone(), listener, router));
        }
        let servers = tokio::spawn(async move { while servers.join_next().await.is_some() {} });
        Self {
            world,
            servers: Some(servers),
            home: Some(home),
        }
    }

    /// Where the servers listen.
    pub fn addresses(&self) -> &Addresses {
        self.world.addresses()
    }

    /// The control functions for tests.
    pub fn control(&self) -> Control {
        Control::new(self.world.clone())
    }

    /// Stops accepting, finishes running requests, and closes the state; no accepted command is lost.
    pub async fn shutdown(mut self) {
        self.world.stop.cancel();
        if let Some(mut servers) = self.servers.take()
            && tokio::time::timeout(SHUTDOWN_LIMIT, &mut servers)
                .await
                .is_err()
        {
            servers.abort();
        }
        self.world.tasks.close();
        self.world.tasks.wait().await;
        let world = self.world.clone();
        let home = self.home.take();
        let closed = tokio::task::spawn_blocking(move || {
            world.state.close();
            // Unlocks the data directory, or removes the private folder.
            drop(home);
        });
        if closed.await.is_err() {
            tracing::error!("the state did not close");
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.world.stop.cancel();
    }
}

async fn serve(world: Shared, listener: ServerListener, router: Router) {
    let service = router.into_make_service_with_connect_info::<Cut>();
    let served = axum::serve(listener, service)
        .with_graceful_shutdown(world.stop.clone().cancelled_owned())
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "a server ended");
    }
}
