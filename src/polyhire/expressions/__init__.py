"""JSONata: compile expressions, evaluate them within limits, and add the functions that mappings need."""

from polyhire.expressions.evaluate import ABSENT, LIMITS, Expression, Limits, Reads, below
from polyhire.expressions.template import Template, Tree, leaves, source_of

__all__ = ["ABSENT", "LIMITS", "Expression", "Limits", "Reads", "Template", "Tree", "below", "leaves", "source_of"]
