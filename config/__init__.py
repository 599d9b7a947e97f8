"""The composition root: settings, routes, servers. Apps never import it, but for its kernel."""
