from django.db import migrations

from guanshu.portal import audit


def arm(apps, schema_editor):
    audit.arm(schema_editor.connection)


def disarm(apps, schema_editor):
    audit.disarm(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]
    operations = [migrations.RunPython(arm, disarm)]
