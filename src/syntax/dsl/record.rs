//! `record`: the fields of what moves through the process.

use crate::source::Spanned;
use crate::syntax::ast::{FieldDecl, FieldType, Name, OptionDecl, RecordDecl};

use super::blocks::RECORD;
use super::builder::{Builder, Seen};
use super::expr::unspeakable;
use super::parser::{Pair, Rule, part};

impl Builder<'_> {
    pub(super) fn record(&mut self, pair: Pair<'_>) -> RecordDecl {
        let span = self.span(&pair);
        let mut record = RecordDecl {
            name: Name::new("", span),
            title: None,
            from: None,
            about: None,
            fields: Vec::new(),
            was: Vec::new(),
            waivers: Vec::new(),
            broken: false,
            span,
        };
        let mut seen = Seen::default();
        let mut named = false;
        for item in self.items(pair, &RECORD) {
            match item.as_rule() {
                Rule::name if !named => {
                    named = true;
                    record.name = self.name(&item);
                }
                Rule::name => record.from = Some(self.name(&item)),
                Rule::text => record.title = Some(self.text(item)),
                Rule::about if self.first(&mut seen, &item) => record.about = self.text_of(item),
                Rule::field => {
                    let span = self.span(&item);
                    let field = self.field(item.into_inner());
                    record.fields.extend(field.map(|field| FieldDecl { span, ..field }));
                }
                Rule::was => record.was.extend(self.names_of(item)),
                Rule::waive => record.waivers.extend(self.waive(item)),
                _ => {}
            }
        }
        record
    }

    /// A field, or what stands behind its name; then the name is empty. The span is that of the
    /// type.
    pub(super) fn field<'p>(&mut self, pairs: impl Iterator<Item = Pair<'p>>) -> Option<FieldDecl> {
        let (mut name, mut ty, mut title) = (None, None, None);
        let (mut at_least, mut at_most, mut required, mut unique) = (None, None, None, None);
        let (mut help, mut was) = (None, Vec::new());
        let mut seen = Seen::default();
        for item in pairs {
            match item.as_rule() {
                Rule::name => name = Some(self.speakable(&item)),
                Rule::field_type => ty = self.field_type(item),
                Rule::text => title = Some(self.text(item)),
                Rule::at_least if self.first(&mut seen, &item) => {
                    at_least = part(item, Rule::bound).and_then(|bound| self.bound(bound));
                }
                Rule::at_most if self.first(&mut seen, &item) => {
                    at_most = part(item, Rule::bound).and_then(|bound| self.bound(bound));
                }
                Rule::required if self.first(&mut seen, &item) => {
                    required = Some(self.span(&item));
                }
                Rule::unique if self.first(&mut seen, &item) => unique = Some(self.span(&item)),
                Rule::help if self.first(&mut seen, &item) => help = self.text_of(item),
                Rule::was => was.extend(self.names_of(item)),
                _ => {}
            }
        }
        let ty = ty?;
        let span = ty.span;
        let name = name.unwrap_or_else(|| Name::new("", span));
        Some(FieldDecl { name, ty, title, at_least, at_most, required, unique, help, was, span })
    }

    fn field_type(&mut self, pair: Pair<'_>) -> Option<Spanned<FieldType>> {
        let span = self.span(&pair);
        let form = pair.into_inner().next()?;
        let ty = match form.as_rule() {
            Rule::one_of => FieldType::OneOf(self.options(form)),
            Rule::many_of => FieldType::ManyOf(self.options(form)),
            _ => FieldType::from_word(form.as_str())?,
        };
        Some(Spanned::new(ty, span))
    }

    /// The name of something that expressions speak of.
    fn speakable(&mut self, pair: &Pair<'_>) -> Name {
        let name = self.name(pair);
        self.diagnostics.extend(unspeakable(&name));
        name
    }

    fn options(&mut self, pair: Pair<'_>) -> Vec<OptionDecl> {
        let mut options = Vec::new();
        let Some(list) = part(pair, Rule::options) else { return options };
        for option in self.list_items(list) {
            let (mut name, mut title, mut was) = (None, None, Vec::new());
            for item in option.into_inner() {
                match item.as_rule() {
                    Rule::name => name = Some(self.speakable(&item)),
                    Rule::text => title = Some(self.text(item)),
                    _ => was.extend(self.names_of(item)),
                }
            }
            options.extend(name.map(|name| OptionDecl { name, title, was }));
        }
        options
    }
}
