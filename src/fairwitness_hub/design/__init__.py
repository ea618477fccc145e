"""How the hub looks and what every response carries: headers, static files, the viewer's preferences."""
