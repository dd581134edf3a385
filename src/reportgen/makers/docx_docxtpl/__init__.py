"""Makes the .docx: the report's words filled into the form's Word template with docxtpl's tags."""
