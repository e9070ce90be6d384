"""Sites as people have them: boundary points, drawings, KML and maps, each read whole and shown back."""
