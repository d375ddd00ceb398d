//! Go's text/template, as Helm uses it: text in, a tree of steps out.
//!
//! The grammar is that of Go's `text/template/parse`. Limits keep any input cheap: [`MAX_DEPTH`].

mod lex;
mod parse;

use std::rc::Rc;

pub use parse::{MAX_DEPTH, parse};

/// A template's steps, in order.
pub type Body = Vec<Step>;

/// Something a template does.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Text is put out.
    Text(String),
    /// A pipeline's value is put out, unless it goes to variables.
    Action(Pipeline),
    /// `if`: one of two bodies.
    If(Branch),
    /// `with`: one of two bodies, with another dot in the first.
    With(Branch),
    /// `range`: a body for every item, or another if there is none.
    Range(Branch),
    /// `template`: another template is put out.
    Template(String, Option<Pipeline>),
    /// `define`: a name for a body. `block` is this and `template`.
    Define(String, Rc<Body>),
    /// `break` or `continue`.
    Jump,
}

/// A condition and what depends on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// What decides.
    pub pipeline: Pipeline,
    /// What happens if it holds.
    pub then: Body,
    /// What happens if it does not.
    pub otherwise: Body,
}

/// Commands, each of which gets the value of the one before as its last argument.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pipeline {
    /// The variables that get the value.
    pub variables: Vec<String>,
    /// Whether the variables are new.
    pub declares: bool,
    /// The commands.
    pub commands: Vec<Command>,
}

/// A value, or a function with its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    /// A number that no other command has.
    pub site: u32,
    /// What is called, then the arguments.
    pub words: Vec<Operand>,
}

/// A word of a command.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// `.` with fields.
    Dot(Vec<String>),
    /// `$` or `$name` with fields.
    Variable(String, Vec<String>),
    /// `( … )` with fields.
    Nested(Pipeline, Vec<String>),
    /// The name of a function.
    Function(String),
    /// A string.
    Text(String),
    /// A number or a character.
    Number(String),
    /// `true` or `false`.
    Bool(bool),
    /// `nil`.
    Nil,
}
