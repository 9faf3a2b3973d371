"""The registry as REST routes and OpenAPI; a token becomes an actor here."""
