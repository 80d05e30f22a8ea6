//! A panel with a tray, as desktops have one: programs put their icons there, and a person opens their menus.

use std::collections::HashMap;

use anyhow::{Context as _, Result};
use tokio::sync::watch;
use zbus::connection::Builder;
use zbus::zvariant::{OwnedValue, Structure, Value};
use zbus::{Connection, Proxy};

use crate::Desktop;
use crate::wait::{SOON, wait_for, within};

/// What a tray is on the bus (Status Notifier Item, and the menu of `com.canonical.dbusmenu`).
const WATCHER: &str = "org.kde.StatusNotifierWatcher";
const WATCHER_PATH: &str = "/StatusNotifierWatcher";
const ITEM: &str = "org.kde.StatusNotifierItem";
const ITEM_PATH: &str = "/StatusNotifierItem";
const MENU: &str = "com.canonical.dbusmenu";

/// A tray for one icon.
#[derive(Debug)]
pub struct Panel {
    connection: Connection,
    icon: watch::Receiver<Option<String>>,
}

/// A line of an icon's menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuLine {
    id: i32,
    pub label: String,
    /// Whether it can be chosen.
    pub is_enabled: bool,
}

/// Icon and tool tip: name, pictures, title, description.
type ToolTip = (String, Vec<(i32, i32, Vec<u8>)>, String, String);
/// An item's id, its properties, and what is below it.
type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

impl Panel {
    /// Puts a panel on a desktop.
    ///
    /// # Errors
    /// When the bus is not there, or has a panel.
    pub async fn open(desktop: &Desktop) -> Result<Self> {
        let (here, icon) = watch::channel(None);
        let connection = Builder::address(desktop.bus_address())?
            .serve_at(WATCHER_PATH, Watcher { icon: here })?
            .name(WATCHER)?
            .build()
            .await?;
        Ok(Self { connection, icon })
    }

    /// Waits until an icon says this to who points at it.
    ///
    /// # Errors
    /// When none does in time.
    pub async fn says(&self, words: &str) -> Result<()> {
        self.says_what(words, |said| said == words).await.map(drop)
    }

    /// Waits until an icon says something of a kind; answers what.
    ///
    /// # Errors
    /// When none does in time.
    pub async fn says_what(&self, kind: &str, is_it: impl Fn(&str) -> bool) -> Result<String> {
        wait_for(&format!("the tray to say: {kind}"), SOON, async || {
            self.words().await.ok().filter(|said| is_it(said))
        })
        .await
    }

    /// What the icon's menu says.
    ///
    /// # Errors
    /// When there is no icon.
    pub async fn menu(&self) -> Result<Vec<MenuLine>> {
        let menu = self.item(MENU_PATH, MENU).await?;
        let wanted: Vec<String> = Vec::new();
        let (_, (_, _, lines)): (u32, Layout) = menu.call("GetLayout", &(0, 1, wanted)).await?;
        lines
            .iter()
            .filter_map(|line| line_of(line).transpose())
            .collect()
    }

    /// Chooses a line of the icon's menu.
    ///
    /// # Errors
    /// When there is none with this label that can be chosen.
    pub async fn choose(&self, label: &str) -> Result<()> {
        let lines = self.menu().await?;
        let line = lines
            .into_iter()
            .find(|line| line.label == label && line.is_enabled);
        let id = line.with_context(|| format!("no {label:?} to choose"))?.id;
        let menu = self.item(MENU_PATH, MENU).await?;
        Ok(menu
            .call("Event", &(id, "clicked", Value::from(0), 0_u32))
            .await?)
    }

    /// The picture of the icon: its width, and red, green, blue and opacity of each pixel.
    ///
    /// # Errors
    /// When there is no icon.
    pub async fn picture(&self) -> Result<(i32, Vec<u8>)> {
        let item = self.item(ITEM_PATH, ITEM).await?;
        let pictures: Vec<(i32, i32, Vec<u8>)> = item.get_property("IconPixmap").await?;
        let (width, _, mut pixels) = pictures
            .into_iter()
            .next()
            .context("an icon has a picture")?;
        // The bus has the opacity first.
        pixels
            .chunks_exact_mut(4)
            .for_each(|pixel| pixel.rotate_left(1));
        Ok((width, pixels))
    }

    async fn words(&self) -> Result<String> {
        let item = self.item(ITEM_PATH, ITEM).await?;
        let tip: ToolTip = item.get_property("ToolTip").await?;
        Ok(tip.3)
    }

    async fn item(&self, path: &'static str, interface: &'static str) -> Result<Proxy<'static>> {
        let mut icon = self.icon.clone();
        let there = within("an icon in the tray", SOON, icon.wait_for(Option::is_some)).await??;
        let name = there.clone().context("an icon has a name")?;
        drop(there);
        Ok(zbus::proxy::Builder::new(&self.connection)
            .destination(name)?
            .path(path)?
            .interface(interface)?
            .cache_properties(zbus::proxy::CacheProperties::No)
            .build()
            .await?)
    }
}

const MENU_PATH: &str = "/MenuBar";

/// Lines between groups say nothing.
fn line_of(line: &OwnedValue) -> Result<Option<MenuLine>> {
    let line: Structure = line.try_clone()?.try_into()?;
    let (id, properties, _): Layout = Value::from(line).try_into()?;
    let Some(label) = properties.get("label") else {
        return Ok(None);
    };
    let enabled = properties.get("enabled");
    let is_enabled = enabled.map_or(Ok(true), bool::try_from)?;
    Ok(Some(MenuLine {
        id,
        label: label.try_clone()?.try_into()?,
        is_enabled,
    }))
}

struct Watcher {
    icon: watch::Sender<Option<String>>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: &str) {
        self.icon.send_replace(Some(service.to_owned()));
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        !self.icon.is_closed()
    }
}
