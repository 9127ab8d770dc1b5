"""信息上报 and the files that go with it."""
