"""reportgen: 政府信息公开工作年度报告, from a short YAML file to a proved Word file and PDF."""
