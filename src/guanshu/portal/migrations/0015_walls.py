from django.db import migrations, models

from guanshu.portal import audit


def arm(apps, schema_editor):
    audit.arm(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("portal", "0014_doors")]

    operations = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("number", models.PositiveIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("heads", models.JSONField()),
                ("audit_id", models.PositiveBigIntegerField()),
                ("save_id", models.PositiveBigIntegerField()),
                ("prev", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="FailureCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.CharField(blank=True, max_length=20, unique=True)),
                ("since", models.DateTimeField()),
                ("count", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.AddIndex("auditrecord", models.Index(fields=["at", "id"], name="trail_by_time")),
        migrations.AddIndex("auditrecord", models.Index(fields=["actor", "at", "id"], name="trail_by_actor")),
        migrations.AddIndex("auditrecord", models.Index(fields=["action", "at", "id"], name="trail_by_action")),
        migrations.AddIndex("auditrecord", models.Index(fields=["object", "at", "id"], name="trail_by_object")),
        migrations.AddIndex("saverecord", models.Index(fields=["at", "id"], name="saves_by_time")),
        migrations.AddIndex("saverecord", models.Index(fields=["actor", "at", "id"], name="saves_by_actor")),
        migrations.RunPython(arm, migrations.RunPython.noop),
    ]
