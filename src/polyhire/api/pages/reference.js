Scalar.createApiReference("#reference", {
  url: "/openapi.json",
  agent: { disabled: true },
  defaultOpenAllTags: false,
  documentDownloadType: "json",
  hideClientButton: true,
  hideModels: false,
  mcp: { disabled: true },
  persistAuth: false,
  showDeveloperTools: "never",
  telemetry: false,
  theme: "default",
  withDefaultFonts: false,
});
