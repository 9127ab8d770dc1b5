import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0010_person'),
    ]

    operations = [
        migrations.AddField(
            model_name='smsmessage',
            name='once',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='SmsChannel',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('failing_at', models.DateTimeField(blank=True, null=True)),
                ('word', models.CharField(blank=True, max_length=60)),
                ('refused', models.BooleanField(default=False)),
                ('took', models.JSONField(blank=True, default=list)),
            ],
        ),
        migrations.CreateModel(
            name='ResetGate',
            fields=[
                ('name', models.CharField(max_length=10, primary_key=True, serialize=False)),
                ('noted', models.CharField(blank=True, max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name='ResetCode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=64)),
                ('phone', models.CharField(blank=True, max_length=64)),
                ('address', models.CharField(max_length=64)),
                ('session', models.CharField(max_length=64)),
                ('code', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('asked', '正在发送'), ('sent', '已发送'), ('unsure', '不确定'), ('failed', '未发出'), ('silent', '未发送'), ('used', '已使用'), ('replaced', '已失效')], default='asked', max_length=10)),
                ('counted', models.BooleanField(default=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reset_codes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['name', 'made_at'], name='codes_by_name'), models.Index(fields=['phone', 'made_at'], name='codes_by_phone'), models.Index(fields=['address', 'made_at'], name='codes_by_address'), models.Index(fields=['made_at'], name='codes_by_time')],
            },
        ),
    ]
