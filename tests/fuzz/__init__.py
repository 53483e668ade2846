"""What nobody would think of: mangled answers of providers, and requests made from our own OpenAPI document."""
