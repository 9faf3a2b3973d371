"""The registry as MCP tools, resources and prompts; the only place that knows the MCP library."""
