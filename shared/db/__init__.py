"""The tables, the engine for either database, and the migrations."""
