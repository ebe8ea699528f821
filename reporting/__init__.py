"""What changed: measures, snapshots, dashboards."""
