"""运维人员: accounts are found, numbers changed on request, lock-outs ended."""
