/// Makes a test of each function for each dialect the sandbox speaks; the function takes the dialect.
#[macro_export]
macro_rules! in_each_dialect {
    ($($name:ident),* $(,)?) => {
        mod documented {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() { super::$name(::privicore_sandbox::Dialect::Documented).await })*
        }
        mod observed {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() { super::$name(::privicore_sandbox::Dialect::Observed).await })*
        }
        mod mixed {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() { super::$name(::privicore_sandbox::Dialect::Mixed).await })*
        }
    };
}
