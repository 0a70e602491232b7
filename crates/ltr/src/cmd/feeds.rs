//! `ltr feeds`: how each feed stands.

use ltr_api::RestrictedFacts;
use ltr_api::client::connect_feeds;
use ltr_proto::record::ListFeedsRequest;

use super::teacher::{failure, serve_while};
use crate::cli::Feeds;
use crate::config::Config;
use crate::{feeding, output};

/// Shows the feeds as a table, as JSON or as metrics.
pub(crate) async fn run(args: &Feeds, config: &Config) -> anyhow::Result<()> {
    serve_while(config, RestrictedFacts::Withheld, async |address, _, now| {
        let mut client = connect_feeds(address).await?;
        let request = ListFeedsRequest { scopes: args.scopes };
        let told = client.list_feeds(request).await;
        let feeds = told
            .map_err(|status| failure("feeds", &status))?
            .into_inner()
            .feeds;
        if args.prometheus {
            output::data(feeding::metrics(&feeds).trim_end());
        } else if args.json {
            feeds
                .iter()
                .for_each(|feed| output::json(&feeding::feed_json(feed)));
        } else {
            output::data(&feeding::feeds(&feeds, now));
        }
        Ok(())
    })
    .await
}
