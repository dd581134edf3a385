"""Rules of 法治政府建设年度报告 alone; a rule is added here as in the folder above."""
