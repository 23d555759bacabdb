"""The pipeline of the seed: there after every migration, made once, then left alone."""

import pytest
from django.core.management import call_command

from funnel.models import Pipeline, StageGate
from funnel.services.pipelines import ensure_seed_pipeline
from tests.funnel.making import make_gated_pipeline, publish_criteria

pytestmark = pytest.mark.django_db


def test_a_migrated_database_has_the_three_layers_and_two_ends():
    pipeline = Pipeline.objects.get()
    assert [(stage.name_zh, stage.outcome) for stage in pipeline.stages.all()] == [
        ("初步识别", "open"),
        ("初步评估", "open"),
        ("尽职调查", "open"),
        ("批准", "won"),
        ("淘汰", "lost"),
    ]


def test_the_gate_waits_for_the_primary_scheme():
    ensure_seed_pipeline()
    assert not StageGate.objects.exists()
    publish_criteria()
    ensure_seed_pipeline()
    gate = StageGate.objects.get()
    assert (gate.stage.key, gate.minimum_tier.key) == ("due_diligence", "A")


def test_making_it_again_keeps_what_administrators_changed():
    pipeline = make_gated_pipeline()
    pipeline.stages.filter(key="approved").update(name_en="Granted")
    StageGate.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert pipeline.stages.get(key="approved").name_en == "Granted"
    assert pipeline.stages.count() == 5
    assert not StageGate.objects.exists()
