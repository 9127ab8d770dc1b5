"""本省已建成科技馆账号信息: the list, slips, one museum's accounts, its contact log."""
