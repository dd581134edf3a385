"""Rules of 政府信息公开工作年度报告 alone; a rule is added here as in the folder above."""
