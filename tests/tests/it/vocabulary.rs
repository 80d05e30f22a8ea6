//! Words that were replaced by terms of the field stay out of the names of items.
#![expect(
    clippy::unwrap_used,
    reason = "a check that cannot read what it checks has failed"
)]

use std::fs;
use std::path::Path;

use privicore_tests::source_files::files_below;
use syn::visit::{self, Visit};

/// Each with the term to use instead.
const REPLACED: &[(&str, &str)] = &[
    ("About", "Spec"),
    ("Again", "Retry"),
    ("Came", "ReceivedFile"),
    ("Choice", "SealingPolicy"),
    ("Described", "Endpoint"),
    ("Door", "VaultHandle"),
    ("Handing", "Delivery"),
    ("House", "TestVault"),
    ("Keeper", "the name of its task"),
    ("Look", "ClockSample, TrayState"),
    ("News", "an event or a notice"),
    ("Office", "CorporateNetwork"),
    ("Opener", "AccessKey"),
    ("Openers", "FileAccess"),
    ("Over", "CloseReason"),
    ("Pace", "RateLimiter"),
    ("Paces", "RateLimiters"),
    ("Patience", "RetryPolicy"),
    ("Scene", "Fixture"),
    ("SealedWith", "EncryptedFor"),
    ("Shelf", "unclaimed"),
    ("ShelfLimits", "UnclaimedLimits"),
    ("Sight", "SeenKey"),
    ("Told", "ServiceReason"),
    ("Tongue", "DialectWriter"),
    ("Turn", "LockGuard"),
    ("Wanted", "DownloadRequest"),
    ("Way", "Transport"),
    ("Which", "ServerKind"),
    ("Wish", "RequestedAction"),
    ("custody", "verification"),
    ("hold_on", "resume_tracking"),
    ("hurry", "retry_now"),
    ("knock", "probe"),
    ("let_go", "suspend"),
    ("settling", "await_command"),
    ("take_back", "restore"),
    ("tell", "emit, print or notify"),
    ("told", "supported_or_none, service_reason"),
    ("unheard", "pending_notices"),
];

#[test]
fn items_are_named_in_terms_of_the_field() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut sources = files_below(&root.join("src-tauri/src"));
    for package in fs::read_dir(root.join("crates")).unwrap() {
        sources.extend(files_below(&package.unwrap().path().join("src")));
    }
    let mut found = Vec::new();
    sources.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
    assert!(sources.len() > 300, "only {} sources", sources.len());
    for path in sources {
        let source = fs::read_to_string(&path).unwrap();
        for (line, message) in replaced_words_in(&source) {
            let path = path.strip_prefix(root).unwrap().display();
            found.push(format!("{path}:{line}: {message}"));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn a_replaced_word_is_found_with_its_line_in_names_of_items_alone() {
    let source = "// Told\nfn fine(told: &str) {}\nmod inner {\n    impl Fine {\n        fn tell(&self) {}\n    }\n   \
         enum Told {}\n}\n";
    let found: Vec<(usize, String)> = replaced_words_in(source);
    let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [5, 7], "{found:?}");
}

fn replaced_words_in(source: &str) -> Vec<(usize, String)> {
    let mut items = Items::default();
    items.visit_file(&syn::parse_file(source).unwrap());
    items
        .0
        .into_iter()
        .filter_map(|(keyword, name)| {
            let (_, instead) = REPLACED.iter().find(|(word, _)| *word == name)?;
            let declaration = format!("{keyword} {name}");
            let line = source
                .lines()
                .position(|line| line.contains(&declaration))
                .map_or(0, |line| line + 1);
            Some((line, format!("{declaration}: say {instead}")))
        })
        .collect()
}

/// Keyword and name of each declared item.
#[derive(Default)]
struct Items(Vec<(&'static str, String)>);

impl Items {
    fn declared(&mut self, keyword: &'static str, name: &syn::Ident) {
        self.0.push((keyword, name.to_string()));
    }
}

impl Visit<'_> for Items {
    fn visit_item_struct(&mut self, item: &syn::ItemStruct) {
        self.declared("struct", &item.ident);
    }

    fn visit_item_enum(&mut self, item: &syn::ItemEnum) {
        self.declared("enum", &item.ident);
    }

    fn visit_item_type(&mut self, item: &syn::ItemType) {
        self.declared("type", &item.ident);
    }

    fn visit_item_trait(&mut self, item: &syn::ItemTrait) {
        self.declared("trait", &item.ident);
        visit::visit_item_trait(self, item);
    }

    fn visit_item_mod(&mut self, item: &syn::ItemMod) {
        self.declared("mod", &item.ident);
        visit::visit_item_mod(self, item);
    }

    fn visit_signature(&mut self, signature: &syn::Signature) {
        self.declared("fn", &signature.ident);
    }
}
