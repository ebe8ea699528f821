"""The bench: figures at borough scale that anyone can repeat. No part of the product; see docs/performance.md."""
