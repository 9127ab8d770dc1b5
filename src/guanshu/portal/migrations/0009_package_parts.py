from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0008_reminders")]

    operations = [
        migrations.AddField(model_name="package", name="parts", field=models.JSONField(default=dict)),
    ]
