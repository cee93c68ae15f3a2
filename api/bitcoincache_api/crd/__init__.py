"""The BitcoinCache resource: its spec, its status, and the CustomResourceDefinition made from them."""
