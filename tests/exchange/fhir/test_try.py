import io, json, pytest
from tests.factories.person import make_story
from tests.sweeps.world import make_world
from consultations.exchange.fhir.export import export_bundle
@pytest.mark.django_db
def test_try(manager, clinician, django_assert_num_queries):
    world = make_world(clinician)
    f = io.BytesIO()
    n = export_bundle(patient=world.patient, by=manager, file=f)
    b = json.loads(f.getvalue())
    open('/tmp/fhirx/b.json','wb').write(f.getvalue())
    import collections
    print(collections.Counter(e['resource']['resourceType'] for e in b['entry']))
    import fhir.resources.R4B as r
    from fhir.resources.R4B import get_fhir_model_class
    for e in b['entry']:
        x=e['resource']
        try: get_fhir_model_class(x['resourceType']).model_validate(x)
        except Exception as err: print(x['resourceType'], err)
