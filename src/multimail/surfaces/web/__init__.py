"""Pages for people: sign in, see what waits, decide on exactly what leaves. Server-rendered, without any script."""
