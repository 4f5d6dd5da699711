package variant

import (
	"errors"
	"fmt"
	"slices"
)

// readProviders reads the providers of PEP 850, which must be those of the namespaces.
func (m *Metadata) readProviders(v any) error {
	if v == nil && m.Schema != SchemaPEP850 {
		return nil
	}
	o := &object{}
	if v != nil {
		var err error
		if o, err = child(v, "providers"); err != nil {
			return err
		}
	}
	if !slices.Equal(slices.Sorted(slices.Values(o.keys)), slices.Sorted(slices.Values(m.Namespaces))) {
		return errors.New("providers must be those of the namespaces in default-priorities.namespace")
	}
	m.Providers = map[string]Provider{}
	for _, namespace := range o.keys {
		p, err := readProvider(o.values[namespace], "providers."+namespace)
		if err != nil {
			return err
		}
		m.Providers[namespace] = p
	}
	return nil
}

// readProvider reads a provider, whose keys say of which kind it is.
func readProvider(v any, place string) (Provider, error) {
	var p Provider
	o, err := child(v, place)
	if err != nil {
		return p, err
	}
	if optional, has := o.values["optional"]; has {
		is, ok := optional.(bool)
		if !ok {
			return p, fmt.Errorf("%s.optional must be true or false", place)
		}
		p.Optional = is
	}
	_, static := o.values["static-properties"]
	_, requires := o.values["requires"]
	switch {
	case static:
		if err := o.only(place, "optional", "static-properties", "feature-order"); err != nil {
			return p, err
		}
		err := p.readStatic(o, place)
		return p, err
	case requires:
		if err := o.only(place, "optional", "requires", "plugin-api"); err != nil {
			return p, err
		}
		if p.Requires, err = texts(o.values["requires"], place+".requires", func(string) bool { return true }); err != nil {
			return p, err
		}
		if api := o.values["plugin-api"]; api != nil {
			p.PluginAPI, err = text(api, place+".plugin-api")
		}
		return p, err
	}
	if err := o.only(place, "optional", "builtin"); err != nil {
		return p, err
	}
	p.Builtin, err = text(o.values["builtin"], place+".builtin")
	return p, err
}

// readStatic reads the properties of a static provider and their order.
func (p *Provider) readStatic(o *object, place string) error {
	static, err := child(o.values["static-properties"], place+".static-properties")
	if err != nil {
		return err
	}
	p.Static = map[string][]string{}
	for _, feature := range static.keys {
		if !isName(feature) {
			return fmt.Errorf("%s: %s is not a feature", place, quote(feature))
		}
		values, err := texts(static.values[feature], place+"."+feature, isValue)
		if err != nil {
			return err
		}
		if repeats(values) {
			return fmt.Errorf("%s: %s lists a value twice", place, feature)
		}
		p.Static[feature] = values
	}
	order := o.values["feature-order"]
	if order == nil {
		if len(p.Static) > 1 {
			return fmt.Errorf("%s: feature-order is missing, and there are several features", place)
		}
		return nil
	}
	if p.FeatureOrder, err = texts(order, place+".feature-order", isName); err != nil {
		return err
	}
	if len(p.FeatureOrder) == 0 || !slices.Equal(slices.Sorted(slices.Values(p.FeatureOrder)), sortedKeys(p.Static)) {
		return fmt.Errorf("%s: feature-order must list each static feature once", place)
	}
	return nil
}
